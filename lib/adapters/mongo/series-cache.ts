import { ObjectId } from "mongodb";
import { assetTypeOf } from "../../domain/asset.ts";
import type { Reading } from "../../domain/reading.ts";
import { type Collections, idIn } from "./collections.ts";
import { onlyDuplicateKeys } from "./errors.ts";
import { stateOf } from "./series-docs.ts";
import { emptyHead, type SeriesState } from "./series-tree.ts";

/** How an asset came to its type: made from its id, named by a reading, or chosen by a person. */
export const TYPE_SOURCE = { derived: 0, reading: 1, chosen: 2 } as const;

export interface AssetSeries {
  type_source: number;
  sensors: Map<string, SeriesState>;
}

/** Above this many series in memory all are forgotten and read again when needed. */
const MOST_SERIES = 50_000;
const MOST_AT_ONCE = 500;

/**
 * The writer's memory of series. It may be behind what is stored: the compare-and-set of a series' version tells, and
 * then its asset is forgotten and read again.
 */
export function createSeriesCache({ assets, series }: Pick<Collections, "assets" | "series">) {
  let known = new Map<string, AssetSeries>();
  let count = 0;

  async function load(tenant_id: string, asset_ids: string[]): Promise<void> {
    const ids = asset_ids.map((asset_id) => idIn(tenant_id, asset_id));
    const [found, sensors] = await Promise.all([
      assets.find({ _id: { $in: ids } }, { projection: { asset_id: 1, type_source: 1 } }).toArray(),
      series.find({ tenant_id, asset_id: { $in: asset_ids } }).toArray(),
    ]);
    for (const { _id, type_source } of found) known.set(_id, { type_source, sensors: new Map() });
    for (const doc of sensors) {
      known.get(idIn(tenant_id, doc.asset_id))?.sensors.set(doc.sensor_id, stateOf(doc));
      count++;
    }
  }

  return {
    /** Has every asset of these readings in memory, made where there was none. */
    async ensure(
      tenant_id: string,
      readings: readonly Pick<Reading, "asset_id" | "asset_type">[],
    ): Promise<void> {
      const absent = new Map<string, (typeof readings)[number]>();
      for (const reading of readings) {
        const { asset_id, asset_type } = reading;
        if (known.has(idIn(tenant_id, asset_id))) continue;
        // The first that names a type tells it.
        if (
          !absent.has(asset_id) ||
          (absent.get(asset_id)!.asset_type === undefined && asset_type !== undefined)
        )
          absent.set(asset_id, reading);
      }
      const ids = [...absent.keys()];
      for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
        const part = ids.slice(at, at + MOST_AT_ONCE);
        await load(tenant_id, part);
        const fresh = part.filter((asset_id) => !known.has(idIn(tenant_id, asset_id)));
        if (fresh.length === 0) continue;
        const docs = fresh.map((asset_id) => {
          const { asset_type } = absent.get(asset_id)!;
          const type_source = asset_type === undefined ? TYPE_SOURCE.derived : TYPE_SOURCE.reading;
          return {
            _id: idIn(tenant_id, asset_id),
            tenant_id,
            asset_id,
            asset_type: asset_type ?? assetTypeOf(asset_id),
            type_source,
          };
        });
        await assets.insertMany(docs, { ordered: false }).catch((error: unknown) => {
          // Another was faster; what it wrote is read.
          if (!onlyDuplicateKeys(error)) throw error;
        });
        await load(tenant_id, fresh);
      }
    },
    asset(tenant_id: string, asset_id: string): AssetSeries {
      return known.get(idIn(tenant_id, asset_id))!;
    },
    /** A sensor as it is known, or a new one that has not been written yet. */
    series(tenant_id: string, asset_id: string, sensor_id: string): SeriesState {
      const state = known.get(idIn(tenant_id, asset_id))!.sensors.get(sensor_id);
      return state ?? { id: new ObjectId(), head: emptyHead(), kinds: [] };
    },
    put(tenant_id: string, asset_id: string, sensor_id: string, state: SeriesState): void {
      const { sensors } = known.get(idIn(tenant_id, asset_id))!;
      if (!sensors.has(sensor_id)) count++;
      sensors.set(sensor_id, state);
    },
    forget(tenant_id: string, asset_id: string): void {
      known.delete(idIn(tenant_id, asset_id));
    },
    trim(): void {
      if (count > MOST_SERIES) this.clear();
    },
    clear(): void {
      known = new Map();
      count = 0;
    },
  };
}
