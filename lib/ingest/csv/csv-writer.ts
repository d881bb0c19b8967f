import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { ForesightError } from "../../domain/errors.ts";

const FLUSH_AT = 1 << 16;

/** A text file that appears under its name only when it is whole. */
export interface TextFile {
  /** Resolves when more may be written: the memory in use stays bounded. */
  write(text: string): Promise<void> | undefined;
  /** Ends and puts the file in its place. */
  close(): Promise<void>;
  /** Removes what was written so far. */
  abort(): Promise<void>;
}

/**
 * Creates the directories that are missing.
 * @throws ForesightError `invalid_request` where the place cannot be written to
 */
export async function createTextFile(path: string): Promise<TextFile> {
  const part = `${path}.part`;
  const refuse = (error: unknown) =>
    new ForesightError("invalid_request", `${path} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  const stream = await mkdir(dirname(path), { recursive: true }).then(
    () => createWriteStream(part),
    (error: unknown) => {
      throw refuse(error);
    },
  );
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) => reject(refuse(error)));
  });
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  let pending = "";
  const flush = async () => {
    if (failure) throw writeFailure(path, failure);
    const block = pending;
    pending = "";
    if (!stream.write(block) && !stream.destroyed)
      await new Promise<void>((resolve) => {
        const settle = () => {
          stream.off("drain", settle).off("error", settle);
          resolve();
        };
        stream.once("drain", settle).once("error", settle);
      });
    if (failure) throw writeFailure(path, failure);
  };
  return {
    write(text) {
      pending += text;
      return pending.length < FLUSH_AT ? undefined : flush();
    },
    async close() {
      if (pending !== "") await flush();
      const done = finished(stream);
      stream.end();
      await done.catch((error: Error) => {
        throw writeFailure(path, error);
      });
      await rename(part, path);
    },
    async abort() {
      stream.destroy();
      await rm(part, { force: true });
    },
  };
}

function writeFailure(path: string, error: Error): ForesightError {
  const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
  return new ForesightError(
    full ? "storage_full" : "unavailable",
    full ? `No space is left to write ${path}.` : `${path} cannot be written: ${error.message}.`,
    { cause: error },
  );
}
