import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { ForesightError } from "../../domain/errors.ts";
import { unreadable } from "../file-bytes.ts";

const progressSchema = z.object({
  version: z.literal(1),
  file: z.object({ size: z.number(), head_bytes: z.number(), head_sha256: z.string() }),
  /** Every row up to this line is acknowledged. */
  line: z.number(),
  done: z.boolean(),
  /** The latest time step that `--now` stamped. */
  last_stamp: z.object({ time: z.number(), stamp: z.number() }).optional(),
  /** `--now`: sent and not known to have arrived; goes out again with the same stamps. */
  pending: z.object({ last_line: z.number(), stamps: z.array(z.tuple([z.number(), z.number()])) }).optional(),
});

export type Progress = z.infer<typeof progressSchema>;
export type FileIdentity = Progress["file"];

const HEAD_BYTES = 65_536;

/** `readings.csv` → `readings.csv.progress.json`. */
export function progressPath(file: string): string {
  return `${file}.progress.json`;
}

/**
 * Tells a file from another of the same name by its beginning; a file that only grew is the same.
 * @throws ForesightError `invalid_request` where the file cannot be read
 */
export async function identify(path: string, head_bytes = HEAD_BYTES): Promise<FileIdentity> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(head_bytes, size));
    await handle.read(head, 0, head.length, 0);
    return { size, head_bytes: head.length, head_sha256: createHash("sha256").update(head).digest("hex") };
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

/**
 * Where the last run of this file stopped, or `undefined` where there was none.
 * @throws ForesightError `invalid_request` where the file is another since
 */
export async function readProgress(file: string): Promise<Progress | undefined> {
  const path = progressPath(file);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new ForesightError("invalid_request", `${path} cannot be read: ${error.message}.`);
  });
  if (text === undefined) return undefined;
  const parsed = progressSchema.safeParse(tryJson(text));
  if (!parsed.success)
    throw new ForesightError(
      "invalid_request",
      `${path} is damaged. Remove it and run again without --resume: what is stored already is not added twice.`,
    );
  const before = parsed.data.file;
  const present = await identify(file, before.head_bytes);
  if (present.size < before.size || present.head_sha256 !== before.head_sha256)
    throw new ForesightError(
      "invalid_request",
      `${file} has changed since its last run; run again without --resume.`,
    );
  return parsed.data;
}

/** Replaces the progress file as a whole: a crash leaves the old one or the new one. */
export async function writeProgress(file: string, progress: Progress): Promise<void> {
  const path = progressPath(file);
  await writeFile(`${path}.part`, JSON.stringify(progress));
  await rename(`${path}.part`, path);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
