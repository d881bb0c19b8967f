import type { AnyBulkWriteOperation } from "mongodb";
import { assetTypeOf } from "../../domain/asset.ts";
import type { HealthScore } from "../../domain/health.ts";
import { followsScore, judgedAt, lastPlace } from "../../domain/stale-score.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HealthStore } from "../../ports/store.ts";
import { type AssetDoc, type Collections, type HealthDoc, idIn } from "./collections.ts";
import { ignoringDuplicates } from "./errors.ts";
import type { Retention } from "./retention.ts";
import { TYPE_SOURCE } from "./series-cache.ts";

const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;
const MOST_AT_ONCE = 5_000;

export interface HealthParts extends HealthStore {
  /**
   * Stores what is newer than its asset's last score: the history first, then the asset. Each part may be done twice.
   * @param log_id the log that `source_offset` is of
   */
  store(scores: readonly HealthScore[], log_id: string): Promise<void>;
}

export const secondOf = (at: EpochMs) => Math.floor(at / 1_000);
/** The second is digits after the last slash, so no two assets share one. */
export const healthId = (tenant_id: string, asset_id: string, second: number) =>
  `${idIn(tenant_id, asset_id)}/${second}`;

export function createHealthStore({ assets, health }: Collections, retentionOf: Retention): HealthParts {
  async function loadAssets(scores: readonly HealthScore[]): Promise<Map<string, AssetDoc>> {
    const wanted = new Map<string, HealthScore>();
    for (const score of scores) wanted.set(idIn(score.tenant_id, score.asset_id), score);
    const ids = [...wanted.keys()];
    const found = new Map<string, AssetDoc>();
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE)
      for (const doc of await assets.find({ _id: { $in: ids.slice(at, at + MOST_AT_ONCE) } }).toArray())
        found.set(doc._id, doc);
    const fresh = ids.filter((id) => !found.has(id));
    const docs = fresh.map((_id): AssetDoc => {
      const { tenant_id, asset_id } = wanted.get(_id)!;
      const asset_type = assetTypeOf(asset_id);
      return { _id, tenant_id, asset_id, asset_type, type_source: TYPE_SOURCE.derived };
    });
    if (docs.length > 0) await ignoringDuplicates(assets.insertMany(docs, { ordered: false }));
    for (const doc of docs) found.set(doc._id, doc);
    return found;
  }

  return {
    async store(scores, log_id) {
      if (scores.length === 0) return;
      const known = await loadAssets(scores);
      const changed = new Map<string, AssetDoc>();
      const docs = new Map<string, HealthDoc>();
      for (const score of scores) {
        const { tenant_id, asset_id, timestamp, source_offset, source_partition } = score;
        const key = idIn(tenant_id, asset_id);
        const source = `${log_id}/${source_partition}`;
        const asset = changed.get(key) ?? known.get(key)!;
        const last = lastPlace(asset.health_offset ?? -1, asset.health);
        if (asset.health_source === source && !followsScore(score, last)) continue;
        const second = secondOf(judgedAt(score));
        const _id = healthId(tenant_id, asset_id, second);
        const newest = asset.health === undefined ? EARLIEST : secondOf(judgedAt(asset.health));
        if (score.stale) {
          // Of no second of its own: it is what is known of the asset now, and no part of its history.
          if (second === newest)
            changed.set(key, {
              ...asset,
              health_source: source,
              health_offset: source_offset,
              health: score,
            });
          continue;
        }
        if (second === newest || docs.has(_id)) continue;
        const retention_ms = await retentionOf(tenant_id);
        docs.set(_id, {
          _id,
          tenant_id,
          asset_id,
          second,
          score: score.score,
          health: score,
          ...(retention_ms !== undefined && { expires_at: new Date(timestamp + retention_ms) }),
        });
        changed.set(key, {
          ...asset,
          health_source: source,
          health_offset: source_offset,
          ...(second > newest && { health: score }),
        });
      }
      // A second that is there already stays as it is: it is this score, or an older log's.
      if (docs.size > 0) await ignoringDuplicates(health.insertMany([...docs.values()], { ordered: false }));
      const writes = [...changed.values()].map((asset): AnyBulkWriteOperation<AssetDoc> => {
        const { _id, health_source, health_offset, health } = asset;
        return {
          updateOne: {
            filter: {
              _id,
              $or: [
                { health_source: { $ne: health_source! } },
                { health_offset: { $lt: health_offset! } },
                ...(health?.stale
                  ? [{ health_offset: health_offset!, "health.stale": { $exists: false } }]
                  : []),
              ],
            },
            update: { $set: { health_source, health_offset, health } },
          },
        };
      });
      if (writes.length > 0) await assets.bulkWrite(writes, { ordered: false });
    },

    async healthHistory(tenant_id, { asset_id, from, to, max_points }) {
      const range = {
        tenant_id,
        asset_id,
        second: { $gte: secondOf(from ?? EARLIEST), $lte: secondOf(to ?? LATEST) },
      };
      const inRange = (score: HealthScore) =>
        score.timestamp >= (from ?? EARLIEST) && score.timestamp <= (to ?? LATEST);
      const all = async (filter: object) =>
        (await health.find(filter).sort({ second: 1 }).toArray()).map((doc) => doc.health).filter(inRange);
      if (max_points === undefined) return all(range);
      const some = await health
        .find(range, { projection: { _id: 0, second: 1 } })
        .sort({ second: 1 })
        .limit(max_points + 1)
        .toArray();
      if (some.length <= max_points) return all(range);

      const [newest] = await health
        .find(range, { projection: { _id: 0, second: 1 } })
        .sort({ second: -1 })
        .limit(1)
        .toArray();
      const first = some[0]!.second;
      const last = newest!.second;
      // Of each bucket the lowest and the highest; with room for one only, the lowest. A withheld score counts as
      // neither unless there is no other.
      const buckets = Math.max(1, Math.floor(max_points / 2));
      const withheld = { $eq: ["$score", null] };
      const extremes = await health
        .aggregate<{ low: { second: number }; high: { second: number } }>([
          { $match: range },
          {
            $project: {
              bucket: {
                $floor: {
                  $divide: [{ $multiply: [{ $subtract: ["$second", first] }, buckets] }, last - first + 1],
                },
              },
              low: { rank: { $cond: [withheld, 1, 0] }, score: "$score", second: "$second" },
              high: { rank: { $cond: [withheld, 0, 1] }, score: "$score", second: "$second" },
            },
          },
          { $group: { _id: "$bucket", low: { $min: "$low" }, high: { $max: "$high" } } },
        ])
        .toArray();
      const seconds = new Set(extremes.map(({ low }) => low.second));
      if (max_points > 1) for (const { high } of extremes) seconds.add(high.second);
      return all({ tenant_id, asset_id, second: { $in: [...seconds] } });
    },
  };
}
