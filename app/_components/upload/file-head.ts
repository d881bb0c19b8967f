/** So much of a file is looked at before it is sent. */
const HEAD_BYTES = 256 * 1024;

/** Whole lines from the beginning of a file. */
export interface FileHead {
  lines: string[];
  /** There is nothing behind them. */
  whole: boolean;
  /** Why nothing can be shown of it. */
  defect?: string;
}

/** Reads the beginning of a file of this machine. */
export async function readHead(file: File): Promise<FileHead> {
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
  const whole = file.size <= HEAD_BYTES;
  let text: string;
  try {
    // The last character may be cut; in the middle a wrong one is one.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return {
      lines: [],
      whole,
      defect: "The file is not UTF-8. Save it as “CSV UTF-8” and choose it again.",
    };
  }
  const lines = text.split(/\r?\n/);
  if (!whole) lines.pop();
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  if (lines.every((line) => line.trim() === ""))
    return {
      lines: [],
      whole,
      defect: whole ? "The file is empty." : "The first line is longer than 256 kB, so this is no table.",
    };
  return { lines, whole };
}
