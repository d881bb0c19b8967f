import { createReadStream } from "node:fs";
import { ForesightError } from "../domain/errors.ts";

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  ENOTDIR: "there is no such file",
  EACCES: "it may not be read",
};

/**
 * The bytes of a file, chunk by chunk.
 * @throws ForesightError `invalid_request` where the file cannot be opened or read
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 17 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** @returns the sentence for a failed open or read; any other error as it is */
export function unreadable(path: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new ForesightError("invalid_request", `${path} cannot be read: ${REASONS[code ?? ""] ?? message}.`, {
    cause: error,
  });
}
