import { assetTypeOf } from "../../domain/asset.ts";
import { emptySamples } from "../../domain/chunk.ts";
import type { Reading } from "../../domain/reading.ts";
import { decodeHead, type SeriesHead } from "../../domain/series-head.ts";
import type { SqliteDatabase } from "./sqlite.ts";

/** Type and unit that readings of a sensor came with; nearly every sensor has one for all its life. */
export type Kind = Pick<Reading, "sensor_type" | "unit">;

/** A series as the writer keeps it in memory between commits. */
export interface SeriesState {
  id: number;
  head: SeriesHead;
  kinds: Kind[];
  /** Readings of this commit that are not newer than the sealed ones, in order of arrival. */
  late: { time: number; value: number; tag: number }[];
  touched: boolean;
}

/** How an asset came to its type: made from its id, named by a reading, or chosen by a person. */
export const TYPE_SOURCE = { derived: 0, reading: 1, chosen: 2 } as const;

export interface AssetSeries {
  type_source: number;
  sensors: Map<string, SeriesState>;
}

/** More types and units of one sensor than this are taken for the first: they come from a broken program. */
const MOST_KINDS = 1_000;

/** Above this many series in memory all are forgotten and read again when needed. */
const MOST_SERIES = 50_000;

/**
 * The writer's memory of series. It holds while nobody else writes readings: whoever commits counts up `commits`, and
 * on another count than one's own everything is forgotten.
 */
export function createSeriesCache(db: SqliteDatabase) {
  const selectAsset = db.prepare<{ type_source: number }>(
    "SELECT type_source FROM asset WHERE tenant_id = ? AND asset_id = ?",
  );
  const selectSeries = db.prepare<{ id: number; sensor_id: string; kinds: string; data: Uint8Array }>(
    `SELECT s.id, s.sensor_id, s.kinds, h.data FROM series s JOIN head h ON h.series_id = s.id
     WHERE s.tenant_id = ? AND s.asset_id = ?`,
  );
  const insertAsset = db.prepare(
    "INSERT INTO asset (tenant_id, asset_id, asset_type, type_source) VALUES (?, ?, ?, ?)",
  );
  const nameType = db.prepare(
    "UPDATE asset SET asset_type = ?, type_source = ? WHERE tenant_id = ? AND asset_id = ? AND type_source = ?",
  );
  const insertSeries = db.prepare(
    "INSERT INTO series (tenant_id, asset_id, sensor_id, kinds) VALUES (?, ?, ?, ?)",
  );
  const updateKinds = db.prepare("UPDATE series SET kinds = ? WHERE id = ?");

  let tenants = new Map<string, Map<string, AssetSeries>>();
  let count = 0;

  const load = (tenant_id: string, reading: Reading): AssetSeries => {
    const { asset_id, asset_type } = reading;
    const sensors = new Map<string, SeriesState>();
    const known = selectAsset.get(tenant_id, asset_id);
    if (known === undefined) {
      const type_source = asset_type === undefined ? TYPE_SOURCE.derived : TYPE_SOURCE.reading;
      insertAsset.run(tenant_id, asset_id, asset_type ?? assetTypeOf(asset_id), type_source);
      return { type_source, sensors };
    }
    for (const { id, sensor_id, kinds, data } of selectSeries.all(tenant_id, asset_id)) {
      const state: SeriesState = {
        id,
        head: decodeHead(data),
        kinds: JSON.parse(kinds) as Kind[],
        late: [],
        touched: false,
      };
      sensors.set(sensor_id, state);
      count++;
    }
    return { type_source: known.type_source, sensors };
  };

  return {
    asset(tenant_id: string, reading: Reading): AssetSeries {
      let assets = tenants.get(tenant_id);
      if (assets === undefined) {
        assets = new Map();
        tenants.set(tenant_id, assets);
      }
      let asset = assets.get(reading.asset_id);
      if (asset === undefined) {
        asset = load(tenant_id, reading);
        assets.set(reading.asset_id, asset);
      }
      return asset;
    },
    /** @returns true where the first type that a reading names replaces the one made from the asset's id */
    nameType(tenant_id: string, asset: AssetSeries, asset_id: string, asset_type: string): boolean {
      asset.type_source = TYPE_SOURCE.reading;
      const source = TYPE_SOURCE.derived;
      return nameType.run(asset_type, TYPE_SOURCE.reading, tenant_id, asset_id, source).changes > 0;
    },
    series(
      tenant_id: string,
      asset: AssetSeries,
      { asset_id, sensor_id, sensor_type, unit }: Reading,
    ): SeriesState {
      let state = asset.sensors.get(sensor_id);
      if (state === undefined) {
        const kinds = [{ sensor_type, unit }];
        const id = insertSeries.run(tenant_id, asset_id, sensor_id, JSON.stringify(kinds)).lastInsertRowid;
        state = { id, kinds, head: emptyHead(), late: [], touched: false };
        asset.sensors.set(sensor_id, state);
        count++;
      }
      return state;
    },
    /** @returns the index of a reading's type and unit in the series' list, where they are put if they are new */
    kind(state: SeriesState, { sensor_type, unit }: Kind): number {
      const { kinds } = state;
      for (let i = 0; i < kinds.length; i++)
        if (kinds[i]!.unit === unit && kinds[i]!.sensor_type === sensor_type) return i;
      if (kinds.length >= MOST_KINDS) return 0;
      kinds.push({ sensor_type, unit });
      updateKinds.run(JSON.stringify(kinds), state.id);
      return kinds.length - 1;
    },
    trim(): void {
      if (count > MOST_SERIES) this.clear();
    },
    clear(): void {
      tenants = new Map();
      count = 0;
    },
  };
}

export type SeriesCache = ReturnType<typeof createSeriesCache>;

function emptyHead(): SeriesHead {
  const never = Number.NEGATIVE_INFINITY;
  return {
    count: 0,
    first_at: Number.POSITIVE_INFINITY,
    latest: { timestamp: never, value: 0, tag: 0, received_at: 0 },
    sealed_last: never,
    open_count: 0,
    tail: emptySamples(),
  };
}
