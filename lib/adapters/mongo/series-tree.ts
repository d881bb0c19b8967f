import type { ObjectId } from "mongodb";
import { decodeSamples, emptySamples, type Samples, tagOf } from "../../domain/chunk.ts";
import { evenEnds } from "../../domain/pyramid.ts";
import type { Quality } from "../../domain/quality.ts";
import { concatSamples, insertSample, lowerBound, sliceSamples, unionSamples } from "../../domain/samples.ts";
import type { SeriesHead } from "../../domain/series-head.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type BlobReader, Changes, Missing } from "./blobs.ts";
import type { Kind } from "./collections.ts";
import type { Entry } from "./entries.ts";

export interface TreeSizes {
  /** A tail this long is sealed, up to two thirds more: spread by series, or all are sealed together. */
  tail: number;
  /** Readings in a full chunk; late ones may make it up to twice as large, then it is divided. */
  chunk: number;
  /** Entries of a node, up to twice as many where late readings have divided what is below. */
  fan: number;
}

export const SIZES: TreeSizes = { tail: 96, chunk: 512, fan: 32 };

/** More types and units of one sensor than this are taken for the first: they come from a broken program. */
const MOST_KINDS = 1_000;

/** A series as one version of its document says it is. */
export interface SeriesState {
  id: ObjectId;
  /** Absent where it has never been written. */
  version?: ObjectId;
  head: SeriesHead;
  kinds: readonly Kind[];
  open?: Entry;
  root?: ObjectId;
}

export interface Incoming {
  time: EpochMs;
  value: number;
  quality: Quality;
  kind: Kind;
  received_at: EpochMs;
}

/** What a series becomes by new readings. */
export interface Advance {
  state: SeriesState;
  changes: Changes;
  /** Readings whose identity was not known. */
  stored: number;
}

export function emptyHead(): SeriesHead {
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

/** The lists of a root one after the other as they follow in time: the highest level is the oldest. */
export function inTime(levels: readonly (readonly Entry[])[]): { entry: Entry; level: number }[] {
  return levels
    .map((entries, level) => entries.map((entry) => ({ entry, level })))
    .reverse()
    .flat();
}

/** The last byte of an ObjectId counts up, so it spreads. */
const sealAt = (id: ObjectId, tail: number) => tail + (id.id[11]! % Math.ceil((tail * 2) / 3));

/**
 * Adds readings to a series: the union by time, the first value of a time wins. The state given stays as it is; what
 * comes back is true of that state alone, and counts once it replaces it.
 *
 * Readings newer than all sealed ones gather in the tail. A full tail goes to the newest chunk, full chunks to a list
 * (level 0 of the root), 32 of them under a node in the list of level 1, and so on: so each list is short, and the
 * lists one after the other, highest level first, are all chunks in order of time.
 *
 * @throws Missing where the state is not the newest any more
 */
export async function advance(
  base: SeriesState,
  incoming: readonly Incoming[],
  blobs: BlobReader,
  options: { sizes: TreeSizes; retention_ms: number | undefined; now: EpochMs },
): Promise<Advance> {
  const { sizes, retention_ms, now } = options;
  const changes = new Changes(base.id, retention_ms);
  const horizon = retention_ms === undefined ? Number.NEGATIVE_INFINITY : now - retention_ms;
  const { tail } = base.head;
  const head: SeriesHead = {
    ...base.head,
    latest: { ...base.head.latest },
    tail: { times: [...tail.times], values: [...tail.values], tags: [...tail.tags] },
  };
  let kinds = base.kinds;
  let { open, root } = base;
  let stored = 0;
  /** The root's lists, once they are needed. */
  let levels: Entry[][] | undefined;
  let listsChanged = false;

  const kindIndex = ({ sensor_type, unit }: Kind): number => {
    const at = kinds.findIndex((kind) => kind.unit === unit && kind.sensor_type === sensor_type);
    if (at >= 0) return at;
    if (kinds.length >= MOST_KINDS) return 0;
    kinds = [...kinds, { sensor_type, unit }];
    return kinds.length - 1;
  };
  const lists = async (): Promise<Entry[][]> => {
    levels ??= root === undefined ? [[]] : (await blobs.node(root)).map((entries) => [...entries]);
    return levels;
  };
  /** What expired is gone for good; anything else missing means that the state is an old one. */
  const orExpired = <T>(entry: Entry, read: Promise<T>, empty: T): Promise<T> =>
    read.catch((error: unknown) => {
      if (error instanceof Missing && entry.summary.last < horizon) return empty;
      throw error;
    });

  async function mergeChunk(entry: Entry, late: Samples): Promise<Entry[]> {
    const before = await orExpired(entry, blobs.chunk(entry.id), emptySamples());
    const merged = unionSamples(before, late);
    const { length } = merged.times;
    if (length === before.times.length) return [entry];
    stored += length - before.times.length;
    changes.droppedChunks.push(entry.id);
    const ends = length > 2 * sizes.chunk ? evenEnds(length, sizes.chunk) : [length];
    return ends.map((end, i) => changes.chunk(merged, ends[i - 1] ?? 0, end));
  }

  async function mergeNode(entry: Entry, level: number, late: Samples): Promise<Entry[]> {
    const children = await orExpired(
      entry,
      blobs.node(entry.id).then(([list]) => list!),
      [],
    );
    // All below has expired, and its readings are older than what is kept.
    if (children.length === 0) return [entry];
    const parts = children.map((child) => ({ entry: child, level: level - 1 }));
    const after = (await merge(parts, late)).flat();
    if (after.length === children.length && after.every((child, i) => child === children[i])) return [entry];
    changes.droppedNodes.push(entry.id);
    const ends = after.length > 2 * sizes.fan ? evenEnds(after.length, sizes.fan) : [after.length];
    return ends.map((end, i) => changes.node(after.slice(ends[i - 1] ?? 0, end)));
  }

  /** Gives each late reading to the part that it lies in: before the next one's first. @returns what each becomes */
  function merge(parts: readonly { entry: Entry; level: number }[], late: Samples): Promise<Entry[][]> {
    let at = 0;
    return Promise.all(
      parts.map(({ entry, level }, i) => {
        const next = parts[i + 1]?.entry.summary.first;
        const end = next === undefined ? late.times.length : lowerBound(late.times, next);
        const own = sliceSamples(late, at, end);
        at = Math.max(at, end);
        if (own.times.length === 0) return [entry];
        return level === 0 ? mergeChunk(entry, own) : mergeNode(entry, level, own);
      }),
    );
  }

  async function mergeLate(late: Samples): Promise<void> {
    const all = await lists();
    const parts = [...inTime(all), { entry: open!, level: 0 }];
    const before = stored;
    const becomes = await merge(parts, late);
    if (stored === before) return;
    head.count += stored - before;
    head.first_at = Math.min(head.first_at, late.times[0]!);
    const [newest, ...pushed] = becomes.pop()!.reverse();
    const fresh: Entry[][] = all.map(() => []);
    for (const [i, after] of becomes.entries()) {
      const { entry, level } = parts[i]!;
      fresh[level]!.push(...after);
      if (after.length !== 1 || after[0] !== entry) listsChanged = true;
    }
    if (pushed.length > 0) {
      fresh[0]!.push(...pushed.reverse());
      listsChanged = true;
    }
    open = newest;
    levels = fresh;
    head.open_count = open!.summary.count;
  }

  async function seal(): Promise<void> {
    let samples = head.tail;
    if (open !== undefined) {
      if (open.summary.count < sizes.chunk) {
        const before = await orExpired(open, ownChunk(open), emptySamples());
        samples = concatSamples(before, head.tail);
        discard(open);
      } else {
        (await lists())[0]!.push(open);
        listsChanged = true;
      }
    }
    const { length } = samples.times;
    for (let from = 0; from < length; from += sizes.chunk) {
      const entry = changes.chunk(samples, from, Math.min(length, from + sizes.chunk));
      if (from + sizes.chunk >= length) open = entry;
      else {
        (await lists())[0]!.push(entry);
        listsChanged = true;
      }
    }
    head.open_count = open!.summary.count;
    head.sealed_last = samples.times[length - 1]!;
    head.tail = emptySamples();
  }

  /** The samples of a chunk that may have been made just now. */
  async function ownChunk({ id }: Entry): Promise<Samples> {
    const staged = changes.chunks.find(({ _id }) => _id === id);
    return staged === undefined ? blobs.chunk(id) : decodeSamples(staged.data);
  }
  function discard({ id }: Entry): void {
    const staged = changes.chunks.findIndex(({ _id }) => _id === id);
    if (staged >= 0) changes.chunks.splice(staged, 1);
    else changes.droppedChunks.push(id);
  }

  /** Puts nodes above lists that have grown, and leaves out what has expired. */
  function writeRoot(): void {
    const all = levels!;
    for (let level = 0; level < all.length; level++) {
      const kept = all[level]!.filter(({ summary }) => summary.last >= horizon);
      all[level] = kept;
      while (kept.length >= 2 * sizes.fan) {
        all[level + 1] ??= [];
        all[level + 1]!.push(changes.node(kept.splice(0, sizes.fan)));
      }
    }
    if (root !== undefined) changes.droppedNodes.push(root);
    root = changes.root(all);
  }

  const late = emptySamples();
  for (const { time, value, quality, kind, received_at } of incoming) {
    const tag = tagOf(quality, kindIndex(kind));
    if (time <= head.sealed_last) {
      insertSample(late, time, value, tag);
      continue;
    }
    if (!insertSample(head.tail, time, value, tag)) continue;
    stored++;
    head.count++;
    if (time < head.first_at) head.first_at = time;
    if (time > head.latest.timestamp) head.latest = { timestamp: time, value, tag, received_at };
  }
  if (late.times.length > 0) await mergeLate(late);
  if (head.tail.times.length >= sealAt(base.id, sizes.tail)) await seal();
  if (listsChanged) writeRoot();
  return {
    state: {
      id: base.id,
      head,
      kinds,
      ...(open !== undefined && { open }),
      ...(root !== undefined && { root }),
    },
    changes,
    stored,
  };
}
