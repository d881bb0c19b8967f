import { isUtf8 } from "node:buffer";

/** A physical line of a text file without its line end; `line` counts from 1. */
export interface FramedLine {
  line: number;
  text: string;
  /** Why the line cannot be used; `text` is then only its beginning. */
  defect?: string;
}

export interface FramerOptions {
  /** A longer line is given up: its beginning is kept, the rest is passed over in bounded memory. */
  max_line_bytes: number;
  signal?: AbortSignal;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const KEPT_OF_DEFECT = 200;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function withoutBom(bytes: Buffer): Buffer {
  return bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
}

/**
 * Cuts bytes into lines (`\n` or `\r\n`), many at a time, in memory bounded by the chunk size and `max_line_bytes`.
 * A byte order mark is dropped. Lines that are not UTF-8 or too long come out with a `defect` in their place, so
 * that everything after them keeps its line number.
 */
export async function* frameLines(
  source: AsyncIterable<Uint8Array>,
  options: FramerOptions,
): AsyncGenerator<FramedLine[]> {
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  let dropped = 0;
  let head = "";
  let first = true;
  const tooLong = (): FramedLine => ({
    line,
    text: head,
    defect: defectOfLength(dropped, options.max_line_bytes),
  });

  for await (const part of source) {
    options.signal?.throwIfAborted();
    let chunk = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    const lines: FramedLine[] = [];
    if (dropped > 0) {
      const end = chunk.indexOf(NEWLINE);
      dropped += end === -1 ? chunk.length : end;
      if (end === -1) continue;
      line += 1;
      lines.push(tooLong());
      dropped = 0;
      chunk = chunk.subarray(end + 1);
    }
    if (rest.length > 0) chunk = Buffer.concat([rest, chunk]);
    if (first && (chunk.length >= BOM.length || chunk.includes(NEWLINE))) {
      first = false;
      chunk = withoutBom(chunk);
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (last !== -1) line = cutLines(chunk.subarray(0, last), line, options.max_line_bytes, lines);
    rest = last === -1 ? chunk : chunk.subarray(last + 1);
    if (rest.length > options.max_line_bytes) {
      head = rest.toString("utf8", 0, KEPT_OF_DEFECT);
      dropped = rest.length;
      rest = Buffer.alloc(0);
    }
    if (lines.length > 0) yield lines;
  }

  const lines: FramedLine[] = [];
  if (dropped > 0) {
    line += 1;
    lines.push(tooLong());
  } else if (rest.length > 0) {
    cutLines(rest, line, options.max_line_bytes, lines);
  }
  if (lines.length > 0) yield lines;
}

function defectOfLength(bytes: number, max_line_bytes: number): string {
  return `line of ${bytes} bytes, at most ${max_line_bytes} are read`;
}

/** Appends the lines of `block` (whose last newline is cut off) to `into`. @returns the number of the last line */
function cutLines(block: Buffer, line: number, max_line_bytes: number, into: FramedLine[]): number {
  if (isUtf8(block)) {
    for (const raw of block.toString("utf8").split("\n")) {
      const text = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      // A character is at most three bytes a UTF-16 unit, so short lines need no count.
      const bytes = text.length * 3 > max_line_bytes ? Buffer.byteLength(text) : 0;
      line += 1;
      if (bytes <= max_line_bytes) into.push({ line, text });
      else
        into.push({
          line,
          text: text.slice(0, KEPT_OF_DEFECT),
          defect: defectOfLength(bytes, max_line_bytes),
        });
    }
    return line;
  }
  for (let start = 0; start <= block.length; ) {
    const found = block.indexOf(NEWLINE, start);
    const end = found === -1 ? block.length : found;
    const bytes = block.subarray(start, end > start && block[end - 1] === RETURN ? end - 1 : end);
    const text = bytes.toString("utf8");
    line += 1;
    if (bytes.length <= max_line_bytes && isUtf8(bytes)) into.push({ line, text });
    else
      into.push({
        line,
        text: text.slice(0, KEPT_OF_DEFECT),
        defect: isUtf8(bytes) ? defectOfLength(bytes.length, max_line_bytes) : "not UTF-8",
      });
    start = end + 1;
  }
  return line;
}
