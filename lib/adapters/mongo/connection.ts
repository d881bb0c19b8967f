import { MongoClient } from "mongodb";
import { ForesightError } from "../../domain/errors.ts";

/** A write that a majority does not confirm in time is tried again. */
const WRITE_TIMEOUT_MS = 10_000;
const SELECTION_TIMEOUT_MS = 5_000;
const DATABASE = "foresight";

export interface MongoConnectionOptions {
  uri: string;
  /** How the server's own log names this connection. */
  app_name?: string;
}

/**
 * A client that writes with the majority and reads what the majority has, so that nothing seen is ever rolled back.
 * The database is the one that the address names, else `foresight`.
 * @throws ForesightError `invalid_request` where the address is none; its text, which may hold a password, is not told
 */
export function createClient({ uri, app_name = "foresight" }: MongoConnectionOptions): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: app_name,
      writeConcern: { w: "majority", wtimeoutMS: WRITE_TIMEOUT_MS, journal: true },
      readConcern: { level: "majority" },
      readPreference: "primary",
      retryWrites: true,
      retryReads: true,
      serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
      connectTimeoutMS: SELECTION_TIMEOUT_MS,
      maxPoolSize: 20,
      ignoreUndefined: true,
      promoteBuffers: true,
      monitorCommands: true,
    });
  } catch {
    throw new ForesightError(
      "invalid_request",
      "MONGODB_URI is no address of a MongoDB; write for example mongodb://localhost:27017/foresight?replicaSet=rs0.",
    );
  }
}

/** The name of the database that an address means. */
export function databaseName(client: MongoClient): string {
  const { dbName } = client.options;
  // The driver's own default where the address names none.
  return dbName === undefined || dbName === "test" ? DATABASE : dbName;
}
