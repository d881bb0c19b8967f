import { decodeSamples, emptySamples, encodeSamples, type Samples } from "../../domain/chunk.ts";
import { encodeSummary, evenEnds, summarize } from "../../domain/pyramid.ts";
import { concatSamples, insertSample, lowerBound, sliceSamples, unionSamples } from "../../domain/samples.ts";
import type { EpochMs } from "../../domain/time.ts";
import { createPyramidWriter, type NodeChange } from "./pyramid-writer.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import { createBulkWriter } from "./store-bulk.ts";
import type { SeriesState } from "./store-series.ts";

export interface ChunkSizes {
  /** Readings in a full chunk. Late ones may make it up to twice as large; then it is divided. */
  chunk: number;
  /** Chunks under a node of the pyramid, and nodes under one of the next level. */
  fan: number;
}

interface ChunkRow {
  first: EpochMs;
  last: EpochMs;
  data: Uint8Array;
}

/** Seals readings into chunks and merges late ones into those that cover them; chunks never overlap in time. */
export function createChunkWriter(db: SqliteDatabase, sizes: ChunkSizes) {
  const { chunk: chunk_size } = sizes;
  const pyramid = createPyramidWriter(db, sizes.fan);
  const newest = db.prepare<ChunkRow>(
    "SELECT first, last, data FROM chunk WHERE series_id = ? ORDER BY first DESC LIMIT 1",
  );
  const oldest = db.prepare<ChunkRow>(
    "SELECT first, last, data FROM chunk WHERE series_id = ? ORDER BY first LIMIT 1",
  );
  const covering = db.prepare<ChunkRow>(
    "SELECT first, last, data FROM chunk WHERE series_id = ? AND first <= ? ORDER BY first DESC LIMIT 1",
  );
  const following = db.prepare<{ first: EpochMs }>(
    "SELECT first FROM chunk WHERE series_id = ? AND first > ? ORDER BY first LIMIT 1",
  );
  const removeChunk = db.prepare("DELETE FROM chunk WHERE series_id = ? AND first = ?");
  const removeNode = db.prepare("DELETE FROM node WHERE series_id = ? AND level = 0 AND first = ?");
  const chunks = createBulkWriter(db, "chunk", ["series_id", "first", "last", "data"]);
  const nodes = createBulkWriter(db, "node", ["series_id", "level", "first", "last", "summary"]);
  /** Series with new full chunks, which the pyramid takes in when they are written. */
  let grown = new Set<number>();

  const put = (series_id: number, samples: Samples, from: number, to: number) => {
    const first = samples.times[from]!;
    const last = samples.times[to - 1]!;
    chunks.add([series_id, first, last], encodeSamples(samples, from, to));
    nodes.add([series_id, 0, first, last], encodeSummary(summarize(samples, from, to)));
  };
  const flushRows = () => {
    chunks.flush();
    nodes.flush();
  };

  return {
    /** Moves the tail into chunks. They are written at `flush`. */
    seal({ id, head }: SeriesState): void {
      let samples = head.tail;
      if (head.open_count > 0 && head.open_count < chunk_size)
        samples = concatSamples(decodeSamples(newest.get(id)!.data), head.tail);
      const { length } = samples.times;
      for (let from = 0; from < length; from += chunk_size)
        put(id, samples, from, Math.min(length, from + chunk_size));
      if (length > chunk_size || head.open_count >= chunk_size) grown.add(id);
      head.open_count = ((length - 1) % chunk_size) + 1;
      head.sealed_last = samples.times[length - 1]!;
      head.tail = emptySamples();
    },

    /**
     * Puts readings that are not newer than the sealed ones into their chunks.
     * @returns how many were not there yet
     */
    mergeLate({ id, head, late }: SeriesState): number {
      // A chunk of this series may still wait to be written.
      flushRows();
      const incoming = emptySamples();
      for (const { time, value, tag } of [...late].sort((a, b) => a.time - b.time))
        insertSample(incoming, time, value, tag);
      const changes: NodeChange[] = [];
      let stored = 0;
      for (let at = 0; at < incoming.times.length; ) {
        const chunk = covering.get(id, incoming.times[at]!) ?? oldest.get(id)!;
        const next = following.get(id, chunk.first)?.first;
        const end = next === undefined ? incoming.times.length : lowerBound(incoming.times, next);
        const before = decodeSamples(chunk.data);
        const merged = unionSamples(before, sliceSamples(incoming, at, end));
        at = end;
        const { length } = merged.times;
        if (length === before.times.length) continue;
        stored += length - before.times.length;
        removeChunk.run(id, chunk.first);
        removeNode.run(id, chunk.first);
        const ends = length > 2 * chunk_size ? evenEnds(length, chunk_size) : [length];
        let from = 0;
        for (const to of ends) {
          put(id, merged, from, to);
          if (next === undefined && to === length) head.open_count = to - from;
          from = to;
        }
        if (ends.length > 1) grown.add(id);
        changes.push({ from: chunk.first, first: merged.times[0]!, last: merged.times[length - 1]! });
      }
      if (changes.length > 0) {
        flushRows();
        head.first_at = Math.min(head.first_at, changes[0]!.first);
        pyramid.repair(id, changes);
      }
      return stored;
    },

    flush(): void {
      flushRows();
      for (const id of grown) pyramid.grow(id);
      grown = new Set();
    },
    clear(): void {
      chunks.clear();
      nodes.clear();
      grown = new Set();
    },
  };
}
