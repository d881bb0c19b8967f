import { tagOf } from "../../domain/chunk.ts";
import type { Reading } from "../../domain/reading.ts";
import { insertSample } from "../../domain/samples.ts";
import { maxHeadBytes, writeHead } from "../../domain/series-head.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type ChunkSizes, createChunkWriter } from "./chunk-writer.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import { createBulkWriter } from "./store-bulk.ts";
import { createSeriesCache, type SeriesState, TYPE_SOURCE } from "./store-series.ts";

export interface WriterSizes extends ChunkSizes {
  /** A tail this long is sealed, up to two thirds more: spread by series, or sensors that report together are sealed together. */
  tail: number;
}

const SIZES: WriterSizes = { tail: 48, chunk: 512, fan: 32 };

export interface ReadingBatch {
  tenant_id: string;
  received_at: EpochMs;
  readings: readonly Reading[];
}

/** Stores readings within the transaction of whoever calls. The first value of a time wins. */
export function createReadingWriter(db: SqliteDatabase, sizes: WriterSizes = SIZES) {
  const cache = createSeriesCache(db);
  const chunks = createChunkWriter(db, sizes);
  const sealAt = (series_id: number) => sizes.tail + (series_id % Math.ceil((sizes.tail * 2) / 3));
  const heads = createBulkWriter(db, "head", ["series_id", "data"]);

  /** @returns 1 where the reading is new; a late one is decided when its chunk is read */
  const take = (state: SeriesState, reading: Reading, received_at: EpochMs, kind: number): number => {
    const { head } = state;
    const { timestamp, value } = reading;
    const tag = tagOf(reading.quality, kind);
    if (timestamp <= head.sealed_last) {
      state.late.push({ time: timestamp, value, tag });
      return 0;
    }
    if (!insertSample(head.tail, timestamp, value, tag)) return 0;
    head.count++;
    if (timestamp < head.first_at) head.first_at = timestamp;
    if (timestamp > head.latest.timestamp) head.latest = { timestamp, value, tag, received_at };
    return 1;
  };

  return {
    /** @returns how many were new, how many known, and whether an asset's type has become known by them */
    store(batches: readonly ReadingBatch[]): { stored: number; duplicates: number; types_changed: boolean } {
      const touched: SeriesState[] = [];
      let received = 0;
      let stored = 0;
      let types_changed = false;
      for (const { tenant_id, received_at, readings } of batches) {
        received += readings.length;
        for (const reading of readings) {
          const asset = cache.asset(tenant_id, reading);
          if (reading.asset_type !== undefined && asset.type_source === TYPE_SOURCE.derived)
            types_changed =
              cache.nameType(tenant_id, asset, reading.asset_id, reading.asset_type) || types_changed;
          const state = cache.series(tenant_id, asset, reading);
          if (!state.touched) {
            state.touched = true;
            touched.push(state);
          }
          stored += take(state, reading, received_at, cache.kind(state, reading));
        }
      }
      for (const state of touched) {
        const { head } = state;
        state.touched = false;
        if (state.late.length > 0) {
          const found = chunks.mergeLate(state);
          head.count += found;
          stored += found;
          state.late = [];
        }
        if (head.tail.times.length >= sealAt(state.id)) chunks.seal(state);
        const { buffer, view, at } = heads.reserve(maxHeadBytes(head));
        heads.push([state.id], writeHead(buffer, view, at, head));
      }
      chunks.flush();
      heads.flush();
      cache.trim();
      return { stored, duplicates: received - stored, types_changed };
    },
    /** Forgets what it remembers of series: after a rollback, or when another connection has stored readings. */
    forget(): void {
      cache.clear();
      chunks.clear();
      heads.clear();
    },
  };
}
