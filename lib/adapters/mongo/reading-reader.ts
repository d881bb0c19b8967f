import { kindOfTag, qualityOfTag, type Samples } from "../../domain/chunk.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { HistoryPoint } from "../../domain/history.ts";
import { Buckets } from "../../domain/pyramid.ts";
import type { Reading } from "../../domain/reading.ts";
import { lowerBound } from "../../domain/samples.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ReadingStore } from "../../ports/store.ts";
import type { Clock } from "../../ports/system.ts";
import { createBlobReader, Missing } from "./blobs.ts";
import type { Collections } from "./collections.ts";
import type { Entry } from "./entries.ts";
import { stateOf } from "./series-docs.ts";
import { inTime, type SeriesState } from "./series-tree.ts";

type Part = { entry: Entry; level: number };

/** Chunks fetched at a time where every reading is wanted. */
const PAGE_CHUNKS = 32;
/** A history that is replaced again while it is read, time after time, is being rewritten as fast as it is read. */
const MOST_TRIES = 10;
const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;

/** Reads histories; each call sees one version of its series. */
export function createReadingReader(
  collections: Collections,
  parts: { clock: Clock; retentionOf(tenant_id: string): Promise<number | undefined> },
): Pick<ReadingStore, "history" | "page"> {
  const { series } = collections;
  const blobs = createBlobReader(collections);

  /** Runs `read` on the newest version, again where that was replaced meanwhile. @param none what there is of no series */
  async function withSeries<T>(
    tenant_id: string,
    { asset_id, sensor_id }: { asset_id: string; sensor_id: string },
    none: T,
    read: (state: SeriesState, horizon: EpochMs) => Promise<T>,
  ): Promise<T> {
    const retention_ms = await parts.retentionOf(tenant_id);
    const horizon = retention_ms === undefined ? EARLIEST : parts.clock.now() - retention_ms;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const doc = await series.findOne({ tenant_id, asset_id, sensor_id });
      if (doc === null) return none;
      try {
        return await read(stateOf(doc), horizon);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
    }
    throw new ForesightError("unavailable", "This history is being rewritten; ask again.", {
      retry_after_s: 1,
    });
  }

  const overlaps = (entry: Entry, from: EpochMs, to: EpochMs) =>
    entry.summary.last >= from && entry.summary.first <= to;

  /** Everything sealed, in order of time, as the root and the newest chunk list it. */
  async function top({ root, open }: SeriesState): Promise<Part[]> {
    const listed = root === undefined ? [] : inTime(await blobs.node(root));
    return open === undefined ? listed : [...listed, { entry: open, level: 0 }];
  }

  /** The entries of chunks in a range, in order of time; nodes are read as they are come to. */
  async function* chunksOf(list: readonly Part[], from: EpochMs, to: EpochMs): AsyncGenerator<Entry> {
    for (const { entry, level } of list) {
      if (!overlaps(entry, from, to)) continue;
      if (level === 0) yield entry;
      else {
        const [children] = await blobs.node(entry.id);
        yield* chunksOf(
          children!.map((child) => ({ entry: child, level: level - 1 })),
          from,
          to,
        );
      }
    }
  }

  const cut = (samples: Samples, from: EpochMs, to: EpochMs): [Samples, number, number] => [
    samples,
    lowerBound(samples.times, from),
    lowerBound(samples.times, to + 1),
  ];

  /** Readings `from` … `to` in order of time, as stretches of columns: [samples, start, end]. */
  async function* stretches(
    state: SeriesState,
    from: EpochMs,
    to: EpochMs,
  ): AsyncGenerator<[Samples, number, number]> {
    let waiting: Entry[] = [];
    const read = async () => {
      const chunks = await Promise.all(waiting.map(({ id }) => blobs.chunk(id)));
      waiting = [];
      return chunks;
    };
    if (from <= state.head.sealed_last)
      for await (const entry of chunksOf(await top(state), from, to)) {
        if (waiting.push(entry) < PAGE_CHUNKS) continue;
        for (const samples of await read()) yield cut(samples, from, to);
      }
    for (const samples of await read()) yield cut(samples, from, to);
    yield cut(state.head.tail, from, to);
  }

  async function every(state: SeriesState, from: EpochMs, to: EpochMs): Promise<HistoryPoint[]> {
    const points: HistoryPoint[] = [];
    for await (const [{ times, values, tags }, start, end] of stretches(state, from, to))
      for (let i = start; i < end; i++) {
        const value = values[i]!;
        const timestamp = times[i]!;
        const quality = qualityOfTag(tags[i]!);
        points.push({ timestamp, until: timestamp, value, min: value, max: value, count: 1, quality });
      }
    return points;
  }

  /**
   * From the top of the pyramid down: what lies wholly in the range and is narrower than a bucket is taken as it is
   * summed up, what is left is looked into, a level at a time.
   */
  async function gather(
    state: SeriesState,
    from: EpochMs,
    to: EpochMs,
    max_points: number,
  ): Promise<Buckets> {
    const buckets = new Buckets(from, to, max_points);
    let list = from <= state.head.sealed_last ? await top(state) : [];
    while (list.length > 0) {
      const left: Part[] = [];
      for (const part of list) {
        const { summary } = part.entry;
        if (!overlaps(part.entry, from, to)) continue;
        const whole = summary.first >= from && summary.last <= to;
        if (whole && summary.last - summary.first < buckets.width_ms) buckets.add(summary);
        else left.push(part);
      }
      const below = await Promise.all(
        left.map(async ({ entry, level }): Promise<Part[]> => {
          if (level > 0)
            return (await blobs.node(entry.id))[0]!.map((child) => ({ entry: child, level: level - 1 }));
          buckets.addSamples(...cut(await blobs.chunk(entry.id), from, to));
          return [];
        }),
      );
      list = below.flat();
    }
    buckets.addSamples(...cut(state.head.tail, from, to));
    return buckets;
  }

  return {
    history: (tenant_id, query) =>
      withSeries<HistoryPoint[]>(tenant_id, query, [], async (state, horizon) => {
        const { head } = state;
        const from = Math.max(query.from ?? EARLIEST, head.first_at, horizon);
        const to = Math.min(query.to ?? LATEST, head.latest.timestamp);
        if (from > to) return [];
        if (query.max_points === undefined || query.max_points >= head.count) return every(state, from, to);
        const max_points = Math.max(1, Math.floor(query.max_points));
        const buckets = await gather(state, from, to, max_points);
        return buckets.total <= max_points ? every(state, from, to) : buckets.points();
      }),

    page: (tenant_id, { asset_id, sensor_id, from = EARLIEST, to = LATEST, after, limit }) =>
      withSeries<Reading[]>(tenant_id, { asset_id, sensor_id }, [], async (state, horizon) => {
        const start = Math.max(from, after === undefined ? from : after + 1, horizon);
        const readings: Reading[] = [];
        for await (const [{ times, values, tags }, i, j] of stretches(state, start, to)) {
          for (let at = i; at < j && readings.length < limit; at++) {
            const tag = tags[at]!;
            readings.push({
              asset_id,
              sensor_id,
              ...state.kinds[kindOfTag(tag)]!,
              value: values[at]!,
              quality: qualityOfTag(tag),
              timestamp: times[at]!,
            });
          }
          if (readings.length >= limit) break;
        }
        return readings;
      }),
  };
}
