import { type Collection, ObjectId } from "mongodb";
import { decodeSamples, encodeSamples, type Samples } from "../../domain/chunk.ts";
import { combine, summarize } from "../../domain/pyramid.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ChunkDoc, Collections, NodeDoc } from "./collections.ts";
import { decodeEntries, type Entry, encodeEntries } from "./entries.ts";

/** What an entry names is not there: its series has been replaced since it was read, or it has expired. */
export class Missing extends Error {}

const MOST_AT_ONCE = 1_000;

/** Gathers what is asked for in one turn of the event loop into one query. */
function gathering<D extends { _id: ObjectId }>(collection: Collection<D>) {
  let waiting: Map<string, { id: ObjectId; waiters: ((doc: D | undefined) => void)[] }> | undefined;
  let failed: ((error: unknown) => void)[] = [];

  async function fetch(): Promise<void> {
    const asked = waiting!;
    const fail = failed;
    waiting = undefined;
    failed = [];
    try {
      const ids = [...asked.values()].map(({ id }) => id);
      for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
        const part = ids.slice(at, at + MOST_AT_ONCE);
        const found = await (collection as unknown as Collection<{ _id: ObjectId }>)
          .find({ _id: { $in: part } })
          .toArray();
        const byId = new Map(found.map((doc) => [doc._id.toHexString(), doc as D]));
        for (const id of part) {
          const key = id.toHexString();
          for (const waiter of asked.get(key)!.waiters) waiter(byId.get(key));
        }
      }
    } catch (error) {
      for (const reject of fail) reject(error);
    }
  }

  return (id: ObjectId): Promise<D | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting === undefined) {
        waiting = new Map();
        setImmediate(() => void fetch());
      }
      const key = id.toHexString();
      const one = waiting.get(key) ?? { id, waiters: [] };
      one.waiters.push(resolve);
      failed.push(reject);
      waiting.set(key, one);
    });
}

export interface BlobReader {
  /** @throws Missing */
  chunk(id: ObjectId): Promise<Samples>;
  /** A node's lists of entries, level 0 first. @throws Missing */
  node(id: ObjectId): Promise<Entry[][]>;
}

export function createBlobReader({ chunks, nodes }: Pick<Collections, "chunks" | "nodes">): BlobReader {
  const chunk = gathering<ChunkDoc>(chunks);
  const node = gathering<NodeDoc>(nodes);
  return {
    async chunk(id) {
      const doc = await chunk(id);
      if (doc === undefined) throw new Missing();
      return decodeSamples(doc.data);
    },
    async node(id) {
      const doc = await node(id);
      if (doc === undefined) throw new Missing();
      return doc.levels.map(decodeEntries);
    },
  };
}

/** What the next version of a series needs written before it, and no longer needs after it. */
export class Changes {
  readonly chunks: ChunkDoc[] = [];
  readonly nodes: NodeDoc[] = [];
  readonly droppedChunks: ObjectId[] = [];
  readonly droppedNodes: ObjectId[] = [];

  constructor(
    private readonly series_id: ObjectId,
    /** ms after its newest reading that a chunk is kept. */
    private readonly retention_ms: number | undefined,
  ) {}

  private expiry(last: EpochMs): { expires_at?: Date } {
    return this.retention_ms === undefined ? {} : { expires_at: new Date(last + this.retention_ms) };
  }

  /** A new chunk of samples `from` … `to - 1`. */
  chunk(samples: Samples, from = 0, to = samples.times.length): Entry {
    const _id = new ObjectId();
    const summary = summarize(samples, from, to);
    const data = encodeSamples(samples, from, to);
    this.chunks.push({ _id, series_id: this.series_id, data, ...this.expiry(summary.last) });
    return { id: _id, summary };
  }

  /** A new node above entries of the level below. */
  node(children: readonly Entry[]): Entry {
    const _id = new ObjectId();
    const summary = combine(children.map((child) => child.summary));
    this.nodes.push({
      _id,
      series_id: this.series_id,
      levels: [encodeEntries(children)],
      ...this.expiry(summary.last),
    });
    return { id: _id, summary };
  }

  root(levels: readonly (readonly Entry[])[]): ObjectId {
    const _id = new ObjectId();
    this.nodes.push({ _id, series_id: this.series_id, levels: levels.map(encodeEntries) });
    return _id;
  }
}
