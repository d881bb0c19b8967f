import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from "mongodb";
import { ForesightError } from "../../domain/errors.ts";

const DUPLICATE_KEY = 11_000;
const OUT_OF_DISK_SPACE = 14_031;
const UNAUTHORIZED = new Set([13, 18]);
/**
 * Answers of a server that is stepping down, shutting down or could not reach a majority in time
 * (`src/mongo/base/error_codes.yml`): HostUnreachable 6, HostNotFound 7, NetworkTimeout 89, ShutdownInProgress 91,
 * PrimarySteppedDown 189, ExceededTimeLimit 262, SocketException 9001, NotWritablePrimary 10107,
 * InterruptedAtShutdown 11600, InterruptedDueToReplStateChange 11602, NotPrimaryNoSecondaryOk 13435,
 * NotPrimaryOrSecondary 13436, WriteConcernFailed 64, MaxTimeMSExpired 50.
 */
const PASSING = new Set([6, 7, 50, 64, 89, 91, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436]);

export function isDuplicateKey(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Whether all that failed of an unordered bulk write were duplicates, which is no failure where it may be retried. */
export function onlyDuplicateKeys(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined)
    return false;
  const failed = [error.writeErrors].flat();
  return failed.length > 0 && failed.every(({ code }) => code === DUPLICATE_KEY);
}

/** For an unordered write that may have been made before. */
export async function ignoringDuplicates(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!onlyDuplicateKeys(error)) throw error;
  }
}

/** The driver's error as the product names it; what is no error of the database comes back as it is. */
export function toForesightError(error: unknown): unknown {
  if (!(error instanceof MongoError)) return error;
  const code = error instanceof MongoServerError ? error.code : undefined;
  if (code === OUT_OF_DISK_SPACE)
    return new ForesightError("storage_full", "MongoDB's disk is full.", { retry_after_s: 10, cause: error });
  if (typeof code === "number" && UNAUTHORIZED.has(code))
    return new ForesightError(
      "forbidden",
      `MongoDB refuses the credentials of MONGODB_URI: ${error.message}`,
      {
        cause: error,
      },
    );
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error.hasErrorLabel("RetryableWriteError") ||
    (error instanceof MongoBulkWriteError && error.result.getWriteConcernError() !== undefined) ||
    (typeof code === "number" && PASSING.has(code))
  )
    return new ForesightError("unavailable", `MongoDB does not answer: ${error.message}`, {
      retry_after_s: 1,
      cause: error,
    });
  return error;
}

/** Every method of `methods` with the driver's errors named as the product's. */
export function namingErrors<T extends object>(methods: T): T {
  const named: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(methods))
    named[name] = async (...args: unknown[]) => {
      try {
        return await (method as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toForesightError(error);
      }
    };
  return named as T;
}
