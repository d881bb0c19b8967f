import { statSync } from "node:fs";
import { storeFile } from "./data-files.ts";
import { openDatabase } from "./sqlite.ts";
import { SCHEMA_VERSION, schemaVersion } from "./store-schema.ts";

export interface StoreReport {
  ok: boolean;
  /** One sentence for whoever runs the machine. */
  detail: string;
  schema_version?: number;
  /** The database and its write-ahead log. */
  bytes?: number;
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Examines the store of a data directory, beside a running server if there is one. Changes nothing; never throws. */
export function storeReport(data_dir: string): StoreReport {
  const path = storeFile(data_dir);
  try {
    const db = openDatabase(path, { readonly: true });
    try {
      const damage = db
        .prepare<{ quick_check: string }>("PRAGMA quick_check(1)")
        .all()
        .map(({ quick_check }) => quick_check)
        .filter((line) => line !== "ok");
      const schema_version = schemaVersion(db);
      const bytes = sizeOf(path) + sizeOf(`${path}-wal`);
      const size = `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
      if (damage.length > 0)
        return { ok: false, detail: `${path} is damaged: ${damage[0]}`, schema_version, bytes };
      if (schema_version > SCHEMA_VERSION)
        return {
          ok: false,
          detail: `${path} is of version ${schema_version}, newer than this FORESIGHT knows (${SCHEMA_VERSION})`,
          schema_version,
          bytes,
        };
      return { ok: true, detail: `version ${schema_version}, ${size}, sound`, schema_version, bytes };
    } finally {
      db.close();
    }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
