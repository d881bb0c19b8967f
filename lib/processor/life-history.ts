import type { EpochMs } from "../domain/time.ts";
import { convert } from "../domain/units.ts";
import { BASELINE_STEPS } from "../health/life/life-features.ts";
import type { Store } from "../ports/store.ts";
import type { AssetState } from "./asset-state.ts";

/** Readings of one sensor that are in memory at a time. */
const PAGE = 2_000;
/** Of a sensor's newest history at most so many readings are read again for a new model. */
export const READINGS_AT_MOST = 50_000;
/** Into so many parts a sensor's history is divided to find where its newest readings begin. */
const PARTS = 256;

export type HistoryStore = Pick<Store, "page" | "history">;

/** A stored reading of an asset's sensor, by number, in the sensor's `health_unit`. */
export interface StoredValue {
  sensor: number;
  value: number;
  timestamp: EpochMs;
}

/** What of an asset's history is read again for a model. Both ends of a stretch are included. */
export interface LifeHistory {
  /** One stretch: all of it. Two: the beginning, which an asset is compared with, and the newest part. */
  stretches: { from: EpochMs; to: EpochMs }[];
}

/**
 * Chooses what a model's state is rebuilt from: everything, where an asset was not seen for longer than twice the
 * longest life in training, nor more than `most` readings a sensor are kept of that time. Of an older one the age no
 * longer counts, so its beginning, which gives its own baseline, and its newest part are enough.
 * @param longest longest life in training, in steps of `step_ms`, or in frames where that is `null`
 */
export async function chooseHistory<H>(
  store: HistoryStore,
  tenant_id: string,
  { asset_id, sensors }: AssetState<H>,
  { step_ms, longest, most = READINGS_AT_MOST }: { step_ms: number | null; longest: number; most?: number },
): Promise<LifeHistory> {
  const newest = Math.max(...sensors.map(({ judged_at }) => judged_at));
  const steps = Math.ceil(2 * longest);
  const since = step_ms === null ? Number.NEGATIVE_INFINITY : newest - steps * step_ms;
  const wanted = step_ms === null ? Math.min(most, steps) : most;
  let oldest = Number.POSITIVE_INFINITY;
  let tail = since;
  let begun = Number.NEGATIVE_INFINITY;
  for (const { sensor_id, judged_at } of sensors) {
    const query = { asset_id, sensor_id, to: judged_at };
    const first = await store.page(tenant_id, { ...query, limit: BASELINE_STEPS });
    if (first.length === 0) continue;
    oldest = Math.min(oldest, first[0]!.timestamp);
    begun = Math.max(begun, first.at(-1)!.timestamp);
    tail = Math.max(tail, await newestFrom(store, tenant_id, query, wanted));
  }
  if (oldest === Number.POSITIVE_INFINITY) return { stretches: [] };
  const head = step_ms === null ? begun : (Math.floor(oldest / step_ms) + BASELINE_STEPS) * step_ms;
  if (tail <= head + 1) return { stretches: [{ from: oldest, to: newest }] };
  return {
    stretches: [
      { from: oldest, to: head },
      { from: tail, to: newest },
    ],
  };
}

/** Where about the newest `wanted` readings of a sensor begin; −∞ where it has no more. Counts without reading them. */
async function newestFrom(
  store: HistoryStore,
  tenant_id: string,
  query: { asset_id: string; sensor_id: string; to: EpochMs },
  wanted: number,
): Promise<EpochMs> {
  let range: { from?: EpochMs; to: EpochMs } = { to: query.to };
  for (let left = wanted; ; ) {
    const points = await store.history(tenant_id, { ...query, ...range, max_points: PARTS });
    let at = points.length - 1;
    for (; at >= 0 && points[at]!.count <= left; at--) left -= points[at]!.count;
    if (at < 0) return range.from ?? Number.NEGATIVE_INFINITY;
    const { timestamp, until, count } = points[at]!;
    // What lies before is too much: a part of it may still be wanted.
    if (left < 0.1 * wanted || timestamp === until || count === 1) return until + 1;
    range = { from: timestamp, to: until };
  }
}

/** The stored readings of an asset between two times, all sensors together in order of time; bad ones are left out. */
export async function* readLifeHistory<H>(
  store: HistoryStore,
  tenant_id: string,
  { asset_id, sensors }: AssetState<H>,
  { from, to }: { from: EpochMs; to: EpochMs },
): AsyncGenerator<StoredValue> {
  const heads: { values: AsyncGenerator<StoredValue>; next: StoredValue }[] = [];
  for (const [sensor, { sensor_id, health_unit, judged_at }] of sensors.entries()) {
    const values = valuesOf(store, tenant_id, sensor, health_unit, {
      asset_id,
      sensor_id,
      from,
      to: Math.min(to, judged_at),
    });
    const first = await values.next();
    if (!first.done) heads.push({ values, next: first.value });
  }
  while (heads.length > 0) {
    let earliest = 0;
    // Of the same time, the sensors in their order.
    for (let at = 1; at < heads.length; at++)
      if (heads[at]!.next.timestamp < heads[earliest]!.next.timestamp) earliest = at;
    const head = heads[earliest]!;
    yield head.next;
    const following = await head.values.next();
    if (following.done) heads.splice(earliest, 1);
    else head.next = following.value;
  }
}

async function* valuesOf(
  store: HistoryStore,
  tenant_id: string,
  sensor: number,
  health_unit: string,
  query: { asset_id: string; sensor_id: string; from: EpochMs; to: EpochMs },
): AsyncGenerator<StoredValue> {
  for (let after: EpochMs | undefined; ; ) {
    const page = await store.page(tenant_id, {
      ...query,
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    for (const { value, unit, quality, timestamp } of page) {
      const converted = unit === health_unit ? value : convert(value, unit, health_unit);
      if (quality !== "bad" && converted !== undefined) yield { sensor, value: converted, timestamp };
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.timestamp;
  }
}
