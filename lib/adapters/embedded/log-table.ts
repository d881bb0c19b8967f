import { randomBytes } from "node:crypto";
import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type Extent, offsetIn } from "./log-position.ts";
import type { SqliteDatabase } from "./sqlite.ts";

/** One append, or a part of a large one, as it is stored: `block` holds `count` readings. */
export interface StoredBatch {
  first_offset: number;
  count: number;
  tenant_id: string;
  received_at: EpochMs;
  block: Uint8Array;
}

export interface Append {
  tenant_id: string;
  blocks: { count: number; block: Uint8Array }[];
  idempotency_key?: string;
}

export interface Appended {
  first_offset: number;
  accepted: number;
  received_at: EpochMs;
  duplicate: boolean;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (
  first_offset INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  tenant_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  block BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS batches_received_at ON batches (received_at);
CREATE TABLE IF NOT EXISTS idempotency (
  tenant_id TEXT NOT NULL,
  key TEXT NOT NULL,
  first_offset INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_received_at ON idempotency (received_at);
`;

/** Creates the tables where they are missing, and the log's identity. */
export function createLogTables(db: SqliteDatabase): void {
  db.transaction(() => {
    db.exec(SCHEMA);
    db.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('log_id', ?)").run(
      randomBytes(9).toString("base64url"),
    );
  });
}

export function hasLogTables(db: SqliteDatabase): boolean {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'batches'");
  return table.get() !== undefined;
}

/** Reading side of the stored readings. The newest batch is never removed, so head and time are always known from it. */
export function readLogTable(db: SqliteDatabase) {
  const log_id = db.prepare<{ value: string }>("SELECT value FROM meta WHERE key = 'log_id'").get()!.value;
  const first = db.prepare<{ first_offset: number }>(
    "SELECT first_offset FROM batches ORDER BY first_offset LIMIT 1",
  );
  const last = db.prepare<{ first_offset: number; count: number; received_at: EpochMs }>(
    "SELECT first_offset, count, received_at FROM batches ORDER BY first_offset DESC LIMIT 1",
  );
  const between = db.prepare<StoredBatch>(
    `SELECT first_offset, count, tenant_id, received_at, block FROM batches
     WHERE first_offset >= (SELECT max(first_offset) FROM batches WHERE first_offset <= ?) AND first_offset < ?
     ORDER BY first_offset`,
  );
  const not_before = db.prepare<{ first_offset: number }>(
    "SELECT first_offset FROM batches WHERE received_at >= ? ORDER BY received_at, first_offset LIMIT 1",
  );

  function extent(): Extent {
    const newest = last.get();
    const head = newest === undefined ? 0 : newest.first_offset + newest.count;
    return { log_id, earliest: first.get()?.first_offset ?? 0, head };
  }
  return {
    extent: () => db.snapshot(extent),
    lastReceivedAt: (): EpochMs => last.get()?.received_at ?? 0,
    /** Offset of the first record whose `received_at` is not before `at`, the head where there is none. */
    since: (at: EpochMs) => db.snapshot(() => not_before.get(at)?.first_offset ?? extent().head),
    /**
     * The batches that hold the offsets from `position` to `max_values` further on; the first and the last may
     * reach beyond them. @throws ForesightError `invalid_request` as `offsetIn`
     */
    read: (position: LogPosition, max_values: number): StoredBatch[] =>
      db.snapshot(() => {
        const offset = offsetIn(extent(), position);
        return between.all(offset, offset + max_values);
      }),
  };
}

/** Batches removed in one transaction, so that no append waits long behind it. */
export const TRIM_STEP = 256;

/** Writing side; there is one in a data directory (the lock of `data-lock.ts`). */
export function writeLogTable(db: SqliteDatabase) {
  const reading = readLogTable(db);
  let head = reading.extent().head;
  let last_received_at = reading.lastReceivedAt();
  const insert = db.prepare(
    "INSERT INTO batches (first_offset, count, tenant_id, received_at, block) VALUES (?, ?, ?, ?, ?)",
  );
  const known = db.prepare<Omit<Appended, "duplicate">>(
    "SELECT first_offset, accepted, received_at FROM idempotency WHERE tenant_id = ? AND key = ?",
  );
  const remember = db.prepare(
    "INSERT INTO idempotency (tenant_id, key, first_offset, accepted, received_at) VALUES (?, ?, ?, ?, ?)",
  );
  const trimmable = db.prepare<{ end: number | null; n: number }>(
    `SELECT max(first_offset) AS end, count(*) AS n FROM
       (SELECT first_offset FROM batches
        WHERE received_at < ? AND first_offset + count <= ?
          AND first_offset < (SELECT max(first_offset) FROM batches)
        ORDER BY first_offset LIMIT ${TRIM_STEP})`,
  );
  const trim = db.prepare("DELETE FROM batches WHERE first_offset <= ?");
  const forget = db.prepare(
    `DELETE FROM idempotency WHERE (tenant_id, key) IN
       (SELECT tenant_id, key FROM idempotency WHERE received_at < ? LIMIT ${TRIM_STEP * 4})`,
  );

  function append({ tenant_id, blocks, idempotency_key }: Append, at: EpochMs, from: number): Appended {
    if (idempotency_key !== undefined) {
      const answered = known.get(tenant_id, idempotency_key);
      if (answered !== undefined) return { ...answered, duplicate: true };
    }
    let next = from;
    for (const { count, block } of blocks) {
      insert.run(next, count, tenant_id, at, block);
      next += count;
    }
    const accepted = next - from;
    if (idempotency_key !== undefined) remember.run(tenant_id, idempotency_key, from, accepted, at);
    return { first_offset: from, accepted, received_at: at, duplicate: false };
  }

  return {
    ...reading,
    /**
     * Appends in one transaction, with one fsync. `received_at` never runs backwards even where the clock does.
     * @throws ForesightError `storage_full`, and then nothing is appended
     */
    append(appends: Append[], now: EpochMs): Appended[] {
      const at = Math.max(now, last_received_at);
      let next = head;
      const appended = db.transaction(() =>
        appends.map((one) => {
          const result = append(one, at, next);
          if (!result.duplicate) next += result.accepted;
          return result;
        }),
      );
      if (next > head) last_received_at = at;
      head = next;
      return appended;
    },
    /**
     * Removes one step of batches received before `before` that end at or before offset `keep_from`, and forgets
     * idempotency keys older than `keys_before`.
     * @returns whether there may be more
     */
    trim: (before: EpochMs, keep_from: number, keys_before: EpochMs): boolean =>
      db.transaction(() => {
        const { end, n } = trimmable.get(before, keep_from)!;
        if (end !== null) trim.run(end);
        const { changes } = forget.run(keys_before);
        return n === TRIM_STEP || changes === TRIM_STEP * 4;
      }),
  };
}
