import Database from "libsql";
import { ForesightError, isForesightError } from "../../domain/errors.ts";

/** What SQL takes and gives. Times and offsets come back as numbers, blobs as Uint8Array. */
export type SqlValue = number | string | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

export interface Statement<Row> {
  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

export interface SqliteDatabase {
  readonly path: string;
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare<Row = SqlRow>(sql: string): Statement<Row>;
  /** Runs `work` in BEGIN IMMEDIATE … COMMIT; rolls back where anything throws. Not nestable. */
  transaction<T>(work: () => T): T;
  /** Runs `work` on one consistent state of the database, without writing. */
  snapshot<T>(work: () => T): T;
  /** Changes whenever another connection, of this process or another, has committed. */
  dataVersion(): number;
  /** Folds the write-ahead log back into the database and, where nobody reads it, empties it. */
  checkpoint(): void;
  close(): void;
}

interface LibsqlError extends Error {
  code?: string;
}

/** How long SQLite itself waits for another writer. */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_RETRY_AFTER_S = 1;
const FULL_RETRY_AFTER_S = 30;

/** A failure of SQLite as one sentence for whoever runs the machine; other errors are given back as they are. */
export function sqliteError(error: unknown, path: string): Error {
  if (isForesightError(error)) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const { code = "", message } = error as LibsqlError;
  if (code === "SQLITE_FULL" || /ENOSPC|disk is full/i.test(message) || FULL_DISK_IO.has(code))
    return new ForesightError(
      "storage_full",
      `The disk that holds ${path} is full; free some space and it goes on by itself.`,
      { retry_after_s: FULL_RETRY_AFTER_S, cause: error },
    );
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new ForesightError("unavailable", `${path} is being written by another process; try again.`, {
      retry_after_s: BUSY_RETRY_AFTER_S,
      cause: error,
    });
  if (code.startsWith("SQLITE_READONLY") || /EACCES|EROFS/.test(message))
    return new ForesightError(
      "forbidden",
      `${path} may not be written by this user; check its permissions.`,
      {
        cause: error,
      },
    );
  if (code.startsWith("SQLITE_CANTOPEN") || /Unable to open connection/.test(message))
    return new ForesightError(
      "forbidden",
      `${path} cannot be opened; check that its directory exists and may be written by this user.`,
      { cause: error },
    );
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT"))
    return new ForesightError(
      "internal",
      `${path} is damaged or no SQLite database; restore it from a backup.`,
      {
        cause: error,
      },
    );
  return error;
}

/** The write-ahead log gives back what a burst has left of it beyond 64 MiB. */
const SETTINGS = `
PRAGMA synchronous = FULL;
PRAGMA fullfsync = ON;
PRAGMA foreign_keys = ON;
PRAGMA journal_size_limit = 67108864;
`;

/** Where the shared-memory file or the write-ahead log can't grow, SQLite tells an I/O error instead of FULL. */
const FULL_DISK_IO = new Set(["SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE"]);

/** libsql ends the whole process when it is given what it cannot bind, so nothing else may reach it. */
function bindable(values: SqlValue[]): SqlValue[] {
  for (const value of values) {
    const ok =
      value === null ||
      typeof value === "number" ||
      typeof value === "string" ||
      typeof value === "bigint" ||
      value instanceof Uint8Array;
    if (!ok) throw new TypeError(`SQL cannot take a ${typeof value}.`);
  }
  return values;
}

/** libsql gives blobs as Buffer in one call and as ArrayBuffer in another, and adds its timing to single rows. */
function cleaned(row: Record<string, unknown>): Record<string, unknown> {
  delete row._metadata;
  for (const key in row) {
    const value = row[key];
    if (value instanceof ArrayBuffer) row[key] = new Uint8Array(value);
  }
  return row;
}

/**
 * Opens a database for durable work: WAL, every commit fsynced. `readonly` connections cannot change anything but
 * need the file to be there.
 * @throws ForesightError `forbidden` (cannot be opened or written), `storage_full`, `unavailable` (busy)
 */
export function openDatabase(
  path: string,
  options: { readonly?: boolean; busy_timeout_ms?: number } = {},
): SqliteDatabase {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, path);
    }
  };
  const db = guard(() => new Database(path, { timeout: options.busy_timeout_ms ?? BUSY_TIMEOUT_MS }));
  const prepare = <Row>(sql: string): Statement<Row> => {
    const statement = guard(() => db.prepare(sql));
    return {
      run: (...values) =>
        guard(() => statement.run(bindable(values)) as { changes: number; lastInsertRowid: number }),
      get: (...values) =>
        guard(() => {
          const row = statement.get(bindable(values)) as Record<string, unknown> | undefined;
          return row === undefined ? undefined : (cleaned(row) as Row);
        }),
      all: (...values) =>
        guard(() => {
          const rows = statement.all(bindable(values)) as Record<string, unknown>[];
          for (const row of rows) cleaned(row);
          return rows as Row[];
        }),
    };
  };
  const between = <T>(begin: string, work: () => T): T =>
    guard(() => {
      db.exec(begin);
      try {
        const result = work();
        db.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk may have ended the transaction already; rolling back again would hide the reason.
        if (db.inTransaction) db.exec("ROLLBACK");
        throw error;
      }
    });
  try {
    guard(() => {
      const mode = db.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
      if (mode.journal_mode !== "wal" && !options.readonly) db.exec("PRAGMA journal_mode = WAL");
      db.exec(SETTINGS);
      if (options.readonly) db.exec("PRAGMA query_only = ON");
    });
  } catch (error) {
    db.close();
    throw error;
  }
  const version = prepare<{ data_version: number }>("PRAGMA data_version");
  return {
    path,
    get inTransaction() {
      return db.inTransaction;
    },
    exec: (sql) => guard(() => void db.exec(sql)),
    prepare,
    transaction: (work) => between("BEGIN IMMEDIATE", work),
    snapshot: (work) => between("BEGIN DEFERRED", work),
    dataVersion: () => version.get()!.data_version,
    checkpoint: () => guard(() => void db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all()),
    close: () => void db.close(),
  };
}
