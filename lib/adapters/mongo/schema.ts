import { randomBytes } from "node:crypto";
import type { CreateIndexesOptions } from "mongodb";
import { ForesightError } from "../../domain/errors.ts";
import type { Collections, MetaDoc } from "./collections.ts";
import { isDuplicateKey } from "./errors.ts";

export interface IndexWish {
  collection: keyof Collections;
  key: Record<string, 1 | -1>;
  options?: Pick<CreateIndexesOptions, "unique" | "expireAfterSeconds">;
}

/** Removed by MongoDB itself once the time in the field has passed. */
const EXPIRES = { expireAfterSeconds: 0 };
const UNIQUE = { unique: true };

/** Each step brings the database to the next version; a step that was ever published is never changed. */
const MIGRATIONS: IndexWish[][] = [
  [
    { collection: "users", key: { tenant_id: 1, _id: 1 } },
    { collection: "tokens", key: { tenant_id: 1, created_at: -1, _id: 1 } },
    { collection: "sessions", key: { forget_at: 1 }, options: EXPIRES },
    { collection: "rules", key: { tenant_id: 1, rule_id: 1 }, options: UNIQUE },
    { collection: "models", key: { tenant_id: 1, "model.asset_type": 1 }, options: UNIQUE },
    { collection: "uploads", key: { tenant_id: 1, started_at: -1, id: -1 } },
    { collection: "assets", key: { tenant_id: 1, asset_id: 1 }, options: UNIQUE },
    { collection: "series", key: { tenant_id: 1, asset_id: 1, sensor_id: 1 }, options: UNIQUE },
    { collection: "chunks", key: { series_id: 1 } },
    { collection: "chunks", key: { expires_at: 1 }, options: EXPIRES },
    { collection: "nodes", key: { series_id: 1 } },
    { collection: "nodes", key: { expires_at: 1 }, options: EXPIRES },
    { collection: "health", key: { tenant_id: 1, asset_id: 1, second: 1 }, options: UNIQUE },
    { collection: "health", key: { expires_at: 1 }, options: EXPIRES },
    { collection: "alerts", key: { tenant_id: 1, raised_at: -1, id: -1 } },
    { collection: "alerts", key: { tenant_id: 1, asset_id: 1, raised_at: -1, id: -1 } },
    { collection: "alerts", key: { tenant_id: 1, active: 1, raised_at: -1, id: -1 } },
    { collection: "alerts", key: { tenant_id: 1, active: 1, alert_key: 1 } },
    { collection: "alert_events", key: { tenant_id: 1, seq: 1 }, options: UNIQUE },
    { collection: "alert_events", key: { tenant_id: 1, event_id: 1 }, options: UNIQUE },
    { collection: "alert_events", key: { tenant_id: 1, alert_id: 1, seq: 1 } },
    { collection: "alerts_quarantine", key: { forget_at: 1 }, options: EXPIRES },
    { collection: "positions", key: { log_id: 1, partition: 1 } },
    { collection: "asset_states", key: { tenant_id: 1, partition: 1 } },
  ],
];

export const SCHEMA_VERSION = MIGRATIONS.length;
/** Every index that there is besides those of `_id`. */
export const INDEXES: readonly IndexWish[] = MIGRATIONS.flat();

async function putIfAbsent(meta: Collections["meta"], _id: string, value: MetaDoc["value"]): Promise<void> {
  try {
    await meta.updateOne({ _id }, { $setOnInsert: { value } }, { upsert: true });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

async function schemaVersion({ meta }: Collections): Promise<number> {
  return ((await meta.findOne({ _id: "schema_version" }))?.value as number | undefined) ?? 0;
}

/** Creates indexes where they are missing; the same again changes nothing. */
export async function createIndexes(collections: Collections, wishes: readonly IndexWish[]): Promise<void> {
  const byCollection = new Map<keyof Collections, IndexWish[]>();
  for (const wish of wishes)
    byCollection.set(wish.collection, [...(byCollection.get(wish.collection) ?? []), wish]);
  for (const [collection, own] of byCollection)
    await (collections[collection] as Collections["meta"]).createIndexes(
      own.map(({ key, options }) => ({ key, ...options })),
    );
}

/**
 * Brings a database to this version. Each step may be done twice or by several processes at once.
 * @throws ForesightError `conflict` where it was written by a newer FORESIGHT
 */
export async function migrate(collections: Collections): Promise<void> {
  const { meta } = collections;
  const version = await schemaVersion(collections);
  if (version > SCHEMA_VERSION)
    throw new ForesightError(
      "conflict",
      `The database is of version ${version}, and this FORESIGHT knows ${SCHEMA_VERSION}; install the newer one again.`,
    );
  if (version === SCHEMA_VERSION) return;
  await putIfAbsent(meta, "store_id", randomBytes(8).toString("hex"));
  await putIfAbsent(meta, "alert_log_id", randomBytes(8).toString("hex"));
  await putIfAbsent(meta, "config_version", 1);
  for (const step of MIGRATIONS.slice(version)) await createIndexes(collections, step);
  await meta.updateOne({ _id: "schema_version" }, { $max: { value: SCHEMA_VERSION } }, { upsert: true });
}

/** The wishes that a database does not fulfil, as `collection (field, …)`. */
export async function missingIndexes(collections: Collections): Promise<string[]> {
  const missing: string[] = [];
  for (const { collection, key } of INDEXES) {
    const there = await (collections[collection] as Collections["meta"])
      .listIndexes()
      .toArray()
      .catch(() => []);
    if (!there.some((index) => JSON.stringify(index.key) === JSON.stringify(key)))
      missing.push(`${collection} (${Object.keys(key).join(", ")})`);
  }
  return missing;
}
