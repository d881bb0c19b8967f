import { ForesightError } from "../../domain/errors.ts";
import type { Collections } from "./collections.ts";
import { isDuplicateKey } from "./errors.ts";
import { createMeta } from "./meta.ts";

const SOURCE = "carried_from";
const STATE = "carried";
const DONE = "done";

/** What an installation puts into its database as soon as it has anything. */
const FILLED = ["tenants", "users", "tokens", "series", "assets", "health", "alert_events"] as const;

/**
 * Claims an empty database for what is carried into it from the store `source_id`.
 * @returns whether that had begun, or ended, before
 * @throws ForesightError `conflict` where the database is not empty, or another store is carried into it
 */
export async function claimForCarrying(
  collections: Collections,
  source_id: string,
): Promise<"new" | "begun" | "done"> {
  const meta = createMeta(collections);
  const before = await meta.get<string>(SOURCE);
  if (before === undefined) {
    for (const name of FILLED)
      if ((await collections[name].countDocuments({}, { limit: 1 })) > 0)
        throw new ForesightError(
          "conflict",
          `The database is not empty: its collection ${name} has documents. Name an empty one; what is in it is not touched.`,
        );
    try {
      await collections.meta.insertOne({ _id: SOURCE, value: source_id });
      return "new";
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  if ((await meta.get<string>(SOURCE)) !== source_id)
    throw new ForesightError(
      "conflict",
      "Another data directory was or is being carried into this database. Name an empty one.",
    );
  return (await meta.get<string>(STATE)) === DONE ? "done" : "begun";
}

export async function endCarrying(collections: Collections): Promise<void> {
  await createMeta(collections).set(STATE, DONE);
}

/** @throws ForesightError `conflict` where not everything has been carried into the database yet */
export async function refuseHalfCarried(collections: Collections): Promise<void> {
  const meta = createMeta(collections);
  if ((await meta.get<string>(SOURCE)) === undefined || (await meta.get<string>(STATE)) === DONE) return;
  throw new ForesightError(
    "conflict",
    "`foresight migrate` into this database has not ended; run it again, it goes on where it was.",
  );
}
