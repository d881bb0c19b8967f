import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type Extent, offsetIn } from "./log-position.ts";
import type { SqliteDatabase } from "./sqlite.ts";

/** One health score as the store keeps it for this log; `score` is the JSON of a `HealthScore`. */
export interface StoredHealth {
  offset: number;
  tenant_id: string;
  received_at: EpochMs;
  score: string;
}

export function hasHealthTable(db: SqliteDatabase): boolean {
  const tables = db.prepare<{ n: number }>(
    "SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name IN ('health_log', 'meta')",
  );
  if (tables.get()!.n !== 2) return false;
  return db.prepare("SELECT 1 FROM meta WHERE key = 'store_id'").get() !== undefined;
}

/** The health scores are written by the store, within the processor's transaction; here they are read only. */
export function readHealthTable(db: SqliteDatabase) {
  const log_id = db.prepare<{ value: string }>("SELECT value FROM meta WHERE key = 'store_id'").get()!.value;
  const ends = db.prepare<{ first: number | null; last: number | null }>(
    `SELECT (SELECT offset FROM health_log ORDER BY offset LIMIT 1) AS first,
            (SELECT offset FROM health_log ORDER BY offset DESC LIMIT 1) AS last`,
  );
  const between = db.prepare<StoredHealth>(
    `SELECT offset, tenant_id, received_at, score FROM health_log
     WHERE offset >= ? AND offset < ? ORDER BY offset`,
  );
  // From the end: what is asked for is recent, and `received_at` follows the order of the readings.
  const last_before = db.prepare<{ offset: number }>(
    "SELECT offset FROM health_log WHERE received_at < ? ORDER BY offset DESC LIMIT 1",
  );
  function extent(): Extent {
    const { first, last } = ends.get()!;
    return { log_id, earliest: first ?? 0, head: last === null ? 0 : last + 1 };
  }
  return {
    extent: () => db.snapshot(extent),
    since: (at: EpochMs) =>
      db.snapshot(() => {
        const before = last_before.get(at);
        return before === undefined ? extent().earliest : before.offset + 1;
      }),
    read: (position: LogPosition, max_values: number): StoredHealth[] =>
      db.snapshot(() => {
        const offset = offsetIn(extent(), position);
        return between.all(offset, offset + max_values);
      }),
  };
}
