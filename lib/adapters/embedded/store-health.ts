import type { HealthScore } from "../../domain/health.ts";
import { assetTypeOf } from "../../domain/reading.ts";
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
  const insert = db.prepare(
    "INSERT OR IGNORE INTO health (tenant_id, asset_id, second, score, health) VALUES (?, ?, ?, ?, ?)",
  );
  const lastOffset = db.prepare<{ last: number | null }>('SELECT max("offset") AS last FROM health_log');
  const append = db.prepare(
    'INSERT INTO health_log ("offset", tenant_id, received_at, score) VALUES (?, ?, ?, ?)',
  );
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

  return {
    nextOffset,
    store(scores, log_id) {
      let next = nextOffset();
      const before = next;
      let newest: EpochMs = EARLIEST;
      for (const score of scores) {
        const { tenant_id, asset_id, timestamp, source_offset } = score;
        let asset = selectAsset.get(tenant_id, asset_id);
        if (asset === undefined) {
          insertAsset.run(tenant_id, asset_id, assetTypeOf(asset_id), TYPE_SOURCE.derived);
          asset = { health: null, health_log_id: null, health_offset: null };
        }
        const { health_log_id, health_offset } = asset;
        if (health_log_id === log_id && health_offset !== null && source_offset <= health_offset) continue;
        const json = JSON.stringify(score);
        const second = Math.floor(timestamp / 1_000);
        if (insert.run(tenant_id, asset_id, second, score.score, json).changes === 0) continue;
        const present = asset.health === null ? undefined : (JSON.parse(asset.health) as HealthScore);
        const latest = present === undefined || present.timestamp <= timestamp ? json : asset.health;
        updateAsset.run(latest, log_id, source_offset, tenant_id, asset_id);
        append.run(next++, tenant_id, score.received_at, json);
        newest = Math.max(newest, score.received_at);
      }
      if (next > before) trim.run(newest - LOG_KEPT_MS, 2 * (next - before), next - 1);
      return next - before;
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
