import { assetTypeOf } from "../../domain/asset.ts";
import type { HealthScore } from "../../domain/health.ts";
import { followsScore, judgedAt, lastPlace, type ScorePlace } from "../../domain/stale-score.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HealthStore } from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import { TYPE_SOURCE } from "./store-series.ts";

/** How long the log of scores that readers resume from is kept; the history stays for good. */
const LOG_KEPT_MS = 24 * 3_600_000;
const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;

export interface HealthParts extends HealthStore {
  /**
   * Stores what is newer than its asset's last score, within the caller's transaction.
   * @param log_id the log that `source_offset` is of
   * @returns how many were stored
   */
  store(scores: readonly HealthScore[], log_id: string): number;
  /** Offset of the next score, within the caller's transaction. */
  nextOffset(): number;
}

/** An asset's health within one commit. */
interface AssetHealth {
  newest: HealthScore | undefined;
  newest_json: string | null;
  /** The last score stored of this log. */
  last: ScorePlace;
  changed: boolean;
  /** Seconds of event time stored in this commit. */
  seconds: Set<number>;
}

const secondOf = (at: EpochMs) => Math.floor(at / 1_000);

export function createHealthStore(db: SqliteDatabase): HealthParts {
  const selectAsset = db.prepare<{
    health: string | null;
    health_log_id: string | null;
    health_offset: number | null;
  }>("SELECT health, health_log_id, health_offset FROM asset WHERE tenant_id = ? AND asset_id = ?");
  const insertAsset = db.prepare(
    "INSERT INTO asset (tenant_id, asset_id, asset_type, type_source) VALUES (?, ?, ?, ?)",
  );
  const updateAsset = db.prepare(
    "UPDATE asset SET health = ?, health_log_id = ?, health_offset = ? WHERE tenant_id = ? AND asset_id = ?",
  );
  const hasSecond = db.prepare("SELECT 1 FROM health WHERE tenant_id = ? AND asset_id = ? AND second = ?");
  // Many rows with one call: [tenant_id, asset_id, second, score, offset, received_at, health]. A stale score is of no
  // second of its own: readers get it, history does not.
  const insert = db.prepare(
    `INSERT INTO health (tenant_id, asset_id, second, score, health)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 6 FROM json_each(?)`,
  );
  const append = db.prepare(
    `INSERT INTO health_log ("offset", tenant_id, received_at, score)
     SELECT value ->> 4, value ->> 0, value ->> 5, value ->> 6 FROM json_each(?)`,
  );
  const lastOffset = db.prepare<{ last: number | null }>('SELECT max("offset") AS last FROM health_log');
  // Oldest first, no more than twice of what came in, and never the newest: its offset tells the next one.
  const trim = db.prepare(
    `DELETE FROM health_log WHERE "offset" < ?3 AND "offset" IN
       (SELECT "offset" FROM (SELECT "offset", received_at FROM health_log ORDER BY "offset" LIMIT ?2)
        WHERE received_at < ?1)`,
  );
  const range = "tenant_id = ?1 AND asset_id = ?2 AND second BETWEEN ?3 AND ?4";
  const extent = db.prepare<{ n: number; first: number; last: number }>(
    `SELECT count(*) AS n, min(second) AS first, max(second) AS last FROM health WHERE ${range}`,
  );
  const selectAll = db.prepare<{ health: string }>(
    `SELECT health FROM health WHERE ${range} ORDER BY second`,
  );
  // SQLite takes the other columns from the row that has the extreme.
  const selectExtremes = (extreme: "min" | "max") =>
    db.prepare<{ second: number; health: string }>(
      `SELECT second, health, ${extreme}(score) FROM health WHERE ${range}
       GROUP BY CAST((second - ?5) * ?6 / (?7 - ?5 + 1) AS INTEGER)`,
    );
  const lowest = selectExtremes("min");
  const highest = selectExtremes("max");

  const nextOffset = () => (lastOffset.get()!.last ?? -1) + 1;

  const load = (tenant_id: string, asset_id: string, log_id: string): AssetHealth => {
    const row = selectAsset.get(tenant_id, asset_id);
    if (row === undefined) insertAsset.run(tenant_id, asset_id, assetTypeOf(asset_id), TYPE_SOURCE.derived);
    const newest = row?.health == null ? undefined : (JSON.parse(row.health) as HealthScore);
    return {
      newest,
      newest_json: row?.health ?? null,
      last: lastPlace(row?.health_log_id === log_id ? (row.health_offset ?? -1) : -1, newest),
      changed: false,
      seconds: new Set(),
    };
  };

  return {
    nextOffset,
    store(scores, log_id) {
      if (scores.length === 0) return 0;
      const before = nextOffset();
      let received_at: EpochMs = EARLIEST;
      const assets = new Map<string, Map<string, AssetHealth>>();
      const rows: unknown[] = [];
      const judged: unknown[] = [];
      for (const score of scores) {
        const { tenant_id, asset_id } = score;
        let of = assets.get(tenant_id);
        if (of === undefined) {
          of = new Map();
          assets.set(tenant_id, of);
        }
        let asset = of.get(asset_id);
        if (asset === undefined) {
          asset = load(tenant_id, asset_id, log_id);
          of.set(asset_id, asset);
        }
        if (!followsScore(score, asset.last)) continue;
        const second = secondOf(judgedAt(score));
        // All stored ones are as old as the newest at most, so only for older ones need the disk be asked.
        const newest = asset.newest === undefined ? EARLIEST : secondOf(judgedAt(asset.newest));
        if (!score.stale && second <= newest) {
          if (second === newest || asset.seconds.has(second)) continue;
          if (hasSecond.get(tenant_id, asset_id, second) !== undefined) continue;
        }
        const json = JSON.stringify(score);
        asset.changed = true;
        asset.last = score;
        if (score.stale ? second === newest : second > newest) {
          asset.newest = score;
          asset.newest_json = json;
        }
        received_at = Math.max(received_at, score.received_at);
        const offset = before + rows.length;
        const row = [tenant_id, asset_id, second, score.score, offset, score.received_at, json];
        rows.push(row);
        if (score.stale) continue;
        asset.seconds.add(second);
        judged.push(row);
      }
      if (rows.length === 0) return 0;
      insert.run(JSON.stringify(judged));
      append.run(JSON.stringify(rows));
      for (const [tenant_id, of] of assets)
        for (const [asset_id, { changed, newest_json, last }] of of)
          if (changed) updateAsset.run(newest_json, log_id, last.source_offset, tenant_id, asset_id);
      trim.run(received_at - LOG_KEPT_MS, 2 * rows.length, before + rows.length - 1);
      return rows.length;
    },

    async healthHistory(tenant_id, { asset_id, from, to, max_points }) {
      const within = [
        tenant_id,
        asset_id,
        Math.floor((from ?? EARLIEST) / 1_000),
        Math.floor((to ?? LATEST) / 1_000),
      ] as const;
      const inRange = (score: HealthScore) =>
        score.timestamp >= (from ?? EARLIEST) && score.timestamp <= (to ?? LATEST);
      return db.snapshot(() => {
        const { n, first, last } = extent.get(...within)!;
        if (n === 0) return [];
        let rows: { health: string }[];
        if (max_points === undefined || n <= max_points) rows = selectAll.all(...within);
        else {
          // Of each bucket the lowest and the highest; with room for one only, the lowest.
          const buckets = Math.max(1, Math.floor(max_points / 2));
          const bounds = [...within, first, buckets, last] as const;
          const kept = new Map<number, { health: string }>();
          for (const row of lowest.all(...bounds)) kept.set(row.second, row);
          if (max_points > 1) for (const row of highest.all(...bounds)) kept.set(row.second, row);
          rows = [...kept].sort(([a], [b]) => a - b).map(([, row]) => row);
        }
        return rows.map(({ health }) => JSON.parse(health) as HealthScore).filter(inRange);
      });
    },
  };
}
