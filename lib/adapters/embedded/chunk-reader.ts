import { decodeSamples, emptySamples, kindOfTag, qualityOfTag, type Samples } from "../../domain/chunk.ts";
import type { HistoryPoint, HistoryQuery } from "../../domain/history.ts";
import { Buckets, decodeSummary } from "../../domain/pyramid.ts";
import type { Reading } from "../../domain/reading.ts";
import { lowerBound } from "../../domain/samples.ts";
import { decodeHead, type SeriesHead } from "../../domain/series-head.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ReadingStore } from "../../ports/store.ts";
import { TOP_LEVEL } from "./pyramid-writer.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { Kind } from "./store-series.ts";

type Range = [from: EpochMs, to: EpochMs];

interface FoundSeries {
  id: number;
  kinds: Kind[];
  head: SeriesHead;
}

/** Chunks fetched at a time where every reading is wanted. */
const PAGE_CHUNKS = 64;
const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;

/** Reads histories; each call sees one state of the store. */
export function createChunkReader(db: SqliteDatabase): Pick<ReadingStore, "history" | "page"> {
  const selectSeries = db.prepare<{ id: number; kinds: string; data: Uint8Array }>(
    `SELECT s.id, s.kinds, h.data FROM series s JOIN head h ON h.series_id = s.id
     WHERE s.tenant_id = ? AND s.asset_id = ? AND s.sensor_id = ?`,
  );
  // What overlaps from ?from on begins there or is the one before.
  const overlapping = (table: string, where: string) =>
    `${where} AND first <= ?4 AND first >= coalesce((SELECT max(first) FROM ${table} WHERE ${where} AND first <= ?3), ?3)
     AND last >= ?3 ORDER BY first`;
  const nodes = db.prepare<{ first: EpochMs; last: EpochMs; summary: Uint8Array }>(
    `SELECT first, last, summary FROM node WHERE ${overlapping("node", "series_id = ?1 AND level = ?2")}`,
  );
  const chunks = db.prepare<{ data: Uint8Array }>(
    `SELECT data FROM chunk WHERE ${overlapping("chunk", "series_id = ?1")} LIMIT ?2`,
  );

  const find = (tenant_id: string, of: { asset_id: string; sensor_id: string }): FoundSeries | undefined => {
    const row = selectSeries.get(tenant_id, of.asset_id, of.sensor_id);
    return row && { id: row.id, kinds: JSON.parse(row.kinds) as Kind[], head: decodeHead(row.data) };
  };

  /** Readings `from` … `to` in order of time, as stretches of columns: [samples, start, end]. */
  function* stretches(
    { id, head }: FoundSeries,
    from: EpochMs,
    to: EpochMs,
  ): Generator<[Samples, number, number]> {
    const cut = (samples: Samples): [Samples, number, number] => [
      samples,
      lowerBound(samples.times, from),
      lowerBound(samples.times, to + 1),
    ];
    for (let next = Math.max(from, EARLIEST); next <= Math.min(to, head.sealed_last); ) {
      const rows = chunks.all(id, PAGE_CHUNKS, next, to);
      for (const { data } of rows) {
        const samples = decodeSamples(data);
        next = samples.times[samples.times.length - 1]! + 1;
        yield cut(samples);
      }
      if (rows.length < PAGE_CHUNKS) break;
    }
    yield cut(head.tail);
  }

  function every(series: FoundSeries, from: EpochMs, to: EpochMs): HistoryPoint[] {
    const points: HistoryPoint[] = [];
    for (const [{ times, values, tags }, start, end] of stretches(series, from, to))
      for (let i = start; i < end; i++) {
        const value = values[i]!;
        const timestamp = times[i]!;
        const quality = qualityOfTag(tags[i]!);
        points.push({ timestamp, until: timestamp, value, min: value, max: value, count: 1, quality });
      }
    return points;
  }

  /**
   * From the top of the pyramid down: a node that lies wholly in the range and is narrower than a bucket is taken as
   * it is, what is left is looked for one level below, and the rest is read.
   */
  function gather(series: FoundSeries, from: EpochMs, to: EpochMs, max_points: number): Buckets {
    const { id, head } = series;
    const buckets = new Buckets(from, to, max_points);
    const sealed_to = Math.min(to, head.sealed_last);
    let ranges: Range[] = from <= sealed_to ? [[from, sealed_to]] : [];
    for (let level = TOP_LEVEL; level >= 0 && ranges.length > 0; level--) {
      const left: Range[] = [];
      const look = (from: EpochMs, to: EpochMs) => {
        const previous = left.at(-1);
        if (previous !== undefined && touching) previous[1] = to;
        else left.push([from, to]);
        touching = true;
      };
      let touching = false;
      for (const [start, end] of ranges) {
        touching = false;
        let covered = start - 1;
        for (const { first, last, summary } of nodes.all(id, level, start, end)) {
          covered = last;
          if (first >= start && last <= end && last - first < buckets.width_ms) {
            buckets.add(decodeSummary(first, last, summary));
            touching = false;
          } else look(Math.max(first, start), Math.min(last, end));
        }
        // The newest of the level below have no node above them yet; between nodes there is nothing.
        if (covered < end && level > 0) look(covered + 1, end);
      }
      ranges = left;
    }
    const sealed = { ...series, head: { ...head, tail: emptySamples() } };
    for (const [start, end] of ranges)
      for (const [samples, i, j] of stretches(sealed, start, end)) buckets.addSamples(samples, i, j);
    buckets.addSamples(head.tail, lowerBound(head.tail.times, from), lowerBound(head.tail.times, to + 1));
    return buckets;
  }

  return {
    async history(tenant_id: string, query: HistoryQuery): Promise<HistoryPoint[]> {
      return db.snapshot(() => {
        const series = find(tenant_id, query);
        if (series === undefined) return [];
        const from = Math.max(query.from ?? EARLIEST, series.head.first_at);
        const to = Math.min(query.to ?? LATEST, series.head.latest.timestamp);
        if (from > to) return [];
        if (query.max_points === undefined || query.max_points >= series.head.count)
          return every(series, from, to);
        const max_points = Math.max(1, Math.floor(query.max_points));
        const buckets = gather(series, from, to, max_points);
        return buckets.total <= max_points ? every(series, from, to) : buckets.points();
      });
    },

    async page(tenant_id, { asset_id, sensor_id, from = EARLIEST, to = LATEST, after, limit }) {
      return db.snapshot(() => {
        const series = find(tenant_id, { asset_id, sensor_id });
        if (series === undefined) return [];
        const start = Math.max(from, after === undefined ? from : after + 1);
        const readings: Reading[] = [];
        for (const [{ times, values, tags }, i, j] of stretches(series, start, to)) {
          for (let at = i; at < j && readings.length < limit; at++) {
            const tag = tags[at]!;
            readings.push({
              asset_id,
              sensor_id,
              ...series.kinds[kindOfTag(tag)]!,
              value: values[at]!,
              quality: qualityOfTag(tag),
              timestamp: times[at]!,
            });
          }
          if (readings.length >= limit) break;
        }
        return readings;
      });
    },
  };
}
