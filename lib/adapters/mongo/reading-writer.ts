import { type AnyBulkWriteOperation, type Collection, ObjectId } from "mongodb";
import { ForesightError } from "../../domain/errors.ts";
import type { Reading } from "../../domain/reading.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../ports/system.ts";
import { createBlobReader, Missing } from "./blobs.ts";
import { type ChunkDoc, type Collections, idIn, type NodeDoc, type SeriesDoc } from "./collections.ts";
import { onlyDuplicateKeys } from "./errors.ts";
import { RecentChunks } from "./recent-chunks.ts";
import { createSeriesCache, TYPE_SOURCE } from "./series-cache.ts";
import { fieldsOf } from "./series-docs.ts";
import {
  type Advance,
  advance,
  type Incoming,
  type SeriesState,
  SIZES,
  type TreeSizes,
} from "./series-tree.ts";

export interface ReadingBatch {
  tenant_id: string;
  received_at: EpochMs;
  readings: readonly Reading[];
}

interface Pending {
  tenant_id: string;
  asset_id: string;
  sensor_id: string;
  incoming: Incoming[];
}

interface Step {
  of: Pending;
  base: SeriesState;
  to: Advance;
  version: ObjectId;
}

/** Documents of one bulk write, several of which are on their way at once. */
const MOST_AT_ONCE = 1_000;
/** Each time another writer was faster; they cannot all be for so long without a defect. */
const MOST_ROUNDS = 20;

/**
 * Stores readings: of each series first the new chunks and nodes, which nobody sees, then its document under
 * compare-and-set, which shows them all at once. Whoever dies in between leaves a few documents behind that nothing
 * names, and what comes again finds each reading either stored or not.
 */
export function createReadingWriter(
  collections: Collections,
  parts: { clock: Clock; retentionOf(tenant_id: string): Promise<number | undefined>; sizes?: TreeSizes },
) {
  const { assets, series, chunks, nodes } = collections;
  const { clock, retentionOf, sizes = SIZES } = parts;
  const cache = createSeriesCache(collections);
  const blobs = new RecentChunks(createBlobReader(collections));

  /** @returns whether an asset's type has become known by these readings */
  async function nameTypes(batches: readonly ReadingBatch[]): Promise<boolean> {
    let changed = false;
    for (const { tenant_id, readings } of batches)
      for (const { asset_id, asset_type } of readings) {
        if (asset_type === undefined) continue;
        const asset = cache.asset(tenant_id, asset_id);
        if (asset.type_source !== TYPE_SOURCE.derived) continue;
        asset.type_source = TYPE_SOURCE.reading;
        const { modifiedCount } = await assets.updateOne(
          { _id: idIn(tenant_id, asset_id), type_source: TYPE_SOURCE.derived },
          { $set: { asset_type, type_source: TYPE_SOURCE.reading } },
        );
        changed = changed || modifiedCount > 0;
      }
    return changed;
  }

  function group(batches: readonly ReadingBatch[]): Pending[] {
    const pending = new Map<string, Pending>();
    for (const { tenant_id, received_at, readings } of batches)
      for (const { asset_id, sensor_id, sensor_type, unit, timestamp, value, quality } of readings) {
        const key = `${tenant_id}\u0000${asset_id}\u0000${sensor_id}`;
        let of = pending.get(key);
        if (of === undefined) {
          of = { tenant_id, asset_id, sensor_id, incoming: [] };
          pending.set(key, of);
        }
        of.incoming.push({ time: timestamp, value, quality, kind: { sensor_type, unit }, received_at });
      }
    return [...pending.values()];
  }

  /** Tries each once. @returns how many readings were new, and those series of which another was faster */
  async function round(pending: readonly Pending[]): Promise<{ stored: number; again: Pending[] }> {
    const again: Pending[] = [];
    const steps: Step[] = [];
    await Promise.all(
      pending.map(async (of) => {
        const { tenant_id, asset_id, sensor_id, incoming } = of;
        const base = cache.series(tenant_id, asset_id, sensor_id);
        const retention_ms = await retentionOf(tenant_id);
        try {
          const to = await advance(base, incoming, blobs, { sizes, retention_ms, now: clock.now() });
          // What is known by memory is known, however old that is: the stored readings only grow.
          if (to.stored > 0) steps.push({ of, base, to, version: new ObjectId() });
        } catch (error) {
          if (!(error instanceof Missing)) throw error;
          again.push(of);
        }
      }),
    );
    // Nobody sees them before the series' documents name them, so their order is free.
    await Promise.all([
      insertAll(
        chunks,
        steps.flatMap(({ to }) => to.changes.chunks),
      ),
      insertAll(
        nodes,
        steps.flatMap(({ to }) => to.changes.nodes),
      ),
    ]);
    const lost = await replace(steps);
    let stored = 0;
    const unneeded = { chunks: [] as ObjectId[], nodes: [] as ObjectId[] };
    for (const step of steps) {
      const { of, to, version } = step;
      const { changes, state } = to;
      if (lost.has(step)) {
        again.push(of);
        unneeded.chunks.push(...changes.chunks.map(({ _id }) => _id));
        unneeded.nodes.push(...changes.nodes.map(({ _id }) => _id));
        continue;
      }
      stored += to.stored;
      const open = changes.chunks.find(({ _id }) => _id === state.open?.id);
      if (open !== undefined) blobs.keep(open);
      blobs.forget(changes.droppedChunks);
      cache.put(of.tenant_id, of.asset_id, of.sensor_id, { ...state, version });
      unneeded.chunks.push(...changes.droppedChunks);
      unneeded.nodes.push(...changes.droppedNodes);
    }
    await Promise.all([deleteAll(chunks, unneeded.chunks), deleteAll(nodes, unneeded.nodes)]);
    return { stored, again };
  }

  /** The compare-and-set of every series. @returns those where another was faster */
  async function replace(steps: readonly Step[]): Promise<Set<Step>> {
    const lost = new Set<Step>();
    for (const part of portions(steps)) {
      const writes = part.map(({ of, base, to, version }): AnyBulkWriteOperation<SeriesDoc> => {
        const { tenant_id, asset_id, sensor_id } = of;
        const fields = { version, ...fieldsOf(to.state) };
        return base.version === undefined
          ? { insertOne: { document: { _id: base.id, tenant_id, asset_id, sensor_id, ...fields } } }
          : { updateOne: { filter: { _id: base.id, version: base.version }, update: { $set: fields } } };
      });
      let done = 0;
      try {
        const result = await series.bulkWrite(writes, { ordered: false });
        done = result.matchedCount + result.insertedCount;
      } catch (error) {
        if (!onlyDuplicateKeys(error)) throw error;
      }
      if (done === part.length) continue;
      const ids = part.map(({ base }) => base.id);
      const now = await series.find({ _id: { $in: ids } }, { projection: { version: 1 } }).toArray();
      const versions = new Map(now.map(({ _id, version }) => [_id.toHexString(), version]));
      for (const step of part)
        if (!versions.get(step.base.id.toHexString())?.equals(step.version)) lost.add(step);
    }
    return lost;
  }

  async function reload(pending: readonly Pending[]): Promise<void> {
    const byTenant = new Map<string, { asset_id: string }[]>();
    for (const { tenant_id, asset_id } of pending) {
      cache.forget(tenant_id, asset_id);
      const of = byTenant.get(tenant_id) ?? [];
      of.push({ asset_id });
      byTenant.set(tenant_id, of);
    }
    for (const [tenant_id, assets] of byTenant) await cache.ensure(tenant_id, assets);
  }

  return {
    /** @returns how many were new, how many known, and whether an asset's type has become known by them */
    async store(
      batches: readonly ReadingBatch[],
    ): Promise<{ stored: number; duplicates: number; types_changed: boolean }> {
      const received = batches.reduce((sum, { readings }) => sum + readings.length, 0);
      if (received === 0) return { stored: 0, duplicates: 0, types_changed: false };
      try {
        for (const { tenant_id, readings } of batches) await cache.ensure(tenant_id, readings);
        const types_changed = await nameTypes(batches);
        let pending = group(batches);
        let stored = 0;
        for (let rounds = 0; pending.length > 0; rounds++) {
          if (rounds === MOST_ROUNDS)
            throw new ForesightError("unavailable", "Others write the same sensors all the time.", {
              retry_after_s: 1,
            });
          const result = await round(pending);
          stored += result.stored;
          pending = result.again;
          if (pending.length > 0) await reload(pending);
        }
        cache.trim();
        return { stored, duplicates: received - stored, types_changed };
      } catch (error) {
        // Nobody knows how far it has come.
        cache.clear();
        blobs.clear();
        throw error;
      }
    },
  };
}

function* portions<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += MOST_AT_ONCE) yield all.slice(at, at + MOST_AT_ONCE);
}

async function insertAll<D extends ChunkDoc | NodeDoc>(collection: Collection<D>, docs: D[]): Promise<void> {
  await Promise.all(
    [...portions(docs)].map((part) =>
      (collection as unknown as Collection<ChunkDoc>).insertMany(part as unknown as ChunkDoc[], {
        ordered: false,
      }),
    ),
  );
}

async function deleteAll<D extends ChunkDoc | NodeDoc>(
  collection: Collection<D>,
  ids: ObjectId[],
): Promise<void> {
  await Promise.all(
    [...portions(ids)].map((part) =>
      (collection as unknown as Collection<ChunkDoc>).deleteMany({ _id: { $in: [...part] } }),
    ),
  );
}
