import { type FileHandle, open } from "node:fs/promises";
import { ForesightError } from "../../domain/errors.ts";

export interface Reject {
  line: number;
  reason: string;
  text: string;
}

/** Collects rejected rows as CSV with the columns line, reason and text. */
export interface RejectsFile {
  add(rejects: Reject[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws ForesightError `invalid_request` where the place cannot be written to */
export async function openRejectsFile(path: string, append: boolean): Promise<RejectsFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, append ? "a" : "w");
    if ((await handle.stat()).size === 0) await handle.appendFile("line,reason,text\n");
  } catch (error) {
    throw new ForesightError("invalid_request", `${path} cannot be written: ${(error as Error).message}.`);
  }
  return {
    async add(rejects) {
      if (rejects.length > 0)
        await handle.appendFile(
          rejects.map(({ line, reason, text }) => `${line},${cell(reason)},${cell(text)}\n`).join(""),
        );
    },
    close: () => handle.close(),
  };
}

/** Quoted after RFC 4180; what a spreadsheet would take for a formula gets a `'` in front. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
