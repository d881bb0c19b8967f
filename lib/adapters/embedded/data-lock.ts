import { accessSync, constants, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import { ForesightError } from "../../domain/errors.ts";
import { lockFile } from "./data-files.ts";
import { sqliteError } from "./sqlite.ts";

export interface DataLock {
  /** Idempotent. */
  release(): void;
}

/** The connection is the lock, so it must not be collected while its holder forgets about it. */
const held = new Set<Database.Database>();

/**
 * Takes the data directory for this process, creating it (readable by its owner alone) where it is missing. The
 * lock is a transaction of SQLite's: the system itself ends it when the process dies, however it dies.
 * @throws ForesightError `conflict` where another server has it, `forbidden` where it cannot be made or written,
 * `storage_full`
 */
export function acquireDataLock(data_dir: string): DataLock {
  const directory = resolve(data_dir);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw directoryError(error as NodeJS.ErrnoException, directory);
  }
  let db: Database.Database | undefined;
  try {
    db = new Database(lockFile(directory));
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    const told = sqliteError(error, lockFile(directory));
    if (told instanceof ForesightError && told.code === "unavailable")
      throw new ForesightError(
        "conflict",
        `The data directory ${directory} is in use by another FORESIGHT server; stop that one, or give this one a directory of its own with --data-dir.`,
        { cause: error },
      );
    throw told;
  }
  const lock = db;
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}

function directoryError(error: NodeJS.ErrnoException, directory: string): Error {
  const remedy = "choose another with --data-dir or DATA_DIR.";
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ForesightError(
        "forbidden",
        `The data directory ${directory} may not be written by this user; change its permissions, or ${remedy}`,
        { cause: error },
      );
    case "EEXIST":
    case "ENOTDIR":
      return new ForesightError(
        "forbidden",
        `The data directory ${directory} cannot be made, because a file is in its way; ${remedy}`,
        { cause: error },
      );
    case "ENOSPC":
      return new ForesightError("storage_full", `The disk is full: ${directory} cannot be made.`, {
        cause: error,
      });
    default:
      return new ForesightError(
        "forbidden",
        `The data directory ${directory} cannot be made (${error.message}); ${remedy}`,
        {
          cause: error,
        },
      );
  }
}
