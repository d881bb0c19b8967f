import { ObjectId } from "mongodb";
import type { EpochMs } from "../../domain/time.ts";
import { type BlobReader, createBlobReader, Missing } from "./blobs.ts";
import { type Collections, collectionsOf, type SeriesDoc } from "./collections.ts";
import { createClient, databaseName } from "./connection.ts";
import type { Entry } from "./entries.ts";
import { toForesightError } from "./errors.ts";
import { stateOf } from "./series-docs.ts";
import { inTime } from "./series-tree.ts";

/** What is younger may be about to be named by a series. */
const SPARED_MS = 3_600_000;
const MOST_AT_ONCE = 1_000;

export interface Swept {
  chunks: number;
  nodes: number;
}

/**
 * The chunks and nodes that a series names, as hexadecimal ids.
 * @returns `undefined` where it was replaced meanwhile
 */
async function namedBy(
  doc: SeriesDoc,
  { series }: Pick<Collections, "series">,
  blobs: BlobReader,
): Promise<Set<string> | undefined> {
  const { open, root } = stateOf(doc);
  const named = new Set<string>();
  let gaps = false;
  const listsOf = (id: ObjectId): Promise<Entry[][]> =>
    blobs.node(id).catch((error: unknown) => {
      if (!(error instanceof Missing)) throw error;
      gaps = true;
      return [];
    });
  const visit = async (id: ObjectId, level: number): Promise<void> => {
    named.add(id.toHexString());
    if (level === 0) return;
    const [children = []] = await listsOf(id);
    await Promise.all(children.map((child) => visit(child.id, level - 1)));
  };
  if (open !== undefined) named.add(open.id.toHexString());
  if (root !== undefined) {
    named.add(root.toHexString());
    for (const { entry, level } of inTime(await listsOf(root))) await visit(entry.id, level);
  }
  if (!gaps) return named;
  // Of the version that still stands only what has expired is missing, with all below it.
  const now = await series.findOne({ _id: doc._id }, { projection: { version: 1 } });
  return now?.version.equals(doc.version) ? named : undefined;
}

/**
 * Removes chunks and nodes that no series names: a writer that died between writing them and naming them leaves them
 * behind. Beside running writers: what a series does not name now, and is older than an hour, it never names again.
 * @param options.dry only counts
 */
export async function sweep(
  collections: Pick<Collections, "series" | "chunks" | "nodes">,
  { now, dry = false }: { now: EpochMs; dry?: boolean },
): Promise<Swept> {
  const { series, chunks, nodes } = collections;
  const blobs = createBlobReader(collections);
  const old = { $lt: ObjectId.createFromTime(Math.floor((now - SPARED_MS) / 1_000)) };
  const swept: Swept = { chunks: 0, nodes: 0 };

  async function sweepOf(series_id: ObjectId, named: ReadonlySet<string>): Promise<void> {
    for (const [kind, collection] of [
      ["chunks", chunks],
      ["nodes", nodes],
    ] as const) {
      const found = (collection as typeof chunks).find({ series_id, _id: old }, { projection: { _id: 1 } });
      const ids = (await found.toArray()).map(({ _id }) => _id).filter((id) => !named.has(id.toHexString()));
      swept[kind] += ids.length;
      if (!dry)
        for (let at = 0; at < ids.length; at += MOST_AT_ONCE)
          await (collection as typeof chunks).deleteMany({ _id: { $in: ids.slice(at, at + MOST_AT_ONCE) } });
    }
  }

  for await (const doc of series.find()) {
    const named = await namedBy(doc, collections, blobs);
    if (named !== undefined) await sweepOf(doc._id, named);
  }
  for (const collection of [chunks, nodes])
    for await (const { _id } of (collection as typeof chunks).aggregate<{ _id: ObjectId }>([
      { $match: { _id: old } },
      { $group: { _id: "$series_id" } },
    ]))
      if ((await series.findOne({ _id }, { projection: { _id: 1 } })) === null) await sweepOf(_id, new Set());
  return swept;
}

/** The same on the database of an address. @throws ForesightError `unavailable`, `forbidden` */
export async function sweepDatabase(uri: string, options: { now: EpochMs; dry?: boolean }): Promise<Swept> {
  const client = createClient({ uri });
  try {
    await client.connect();
    return await sweep(collectionsOf(client.db(databaseName(client))), options);
  } catch (error) {
    throw toForesightError(error);
  } finally {
    await client.close();
  }
}
