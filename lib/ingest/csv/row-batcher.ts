import { createHash, type Hash } from "node:crypto";
import type { CsvRow } from "./row-plan.ts";

export type GoodRow = Extract<CsvRow, { reading: unknown }>;
export type BadRow = Extract<CsvRow, { reason: unknown }>;

/** Rows of one append, in the file's order. */
export interface RowBatch {
  first_line: number;
  /** Everything up to here is in this batch or an earlier one. */
  last_line: number;
  rows: GoodRow[];
  rejected: BadRow[];
  /** Same header, same lines, same content: same key. */
  key: string;
}

export interface RowBatcher {
  header(text: string): void;
  push(rows: CsvRow[]): RowBatch[];
  /** The rest, at the end of the file only: a batch cut by an interruption would get a key of its own. */
  end(): RowBatch[];
}

/**
 * Cuts rows into batches of `size` rows, good and bad together, and also before a row for which `cutBefore` says
 * so. Cuts depend on the file alone, so a second run over it cuts alike.
 */
export function createRowBatcher(
  size: number,
  cutBefore: (row: GoodRow) => boolean = () => false,
): RowBatcher {
  let header = "";
  let open: RowBatch | undefined;
  let hash: Hash = createHash("sha256");
  let count = 0;

  const close = (): RowBatch[] => {
    if (open === undefined) return [];
    const batch = { ...open, key: `csv-${hash.digest("base64url")}` };
    open = undefined;
    return [batch];
  };
  const begin = (line: number): RowBatch => {
    hash = createHash("sha256").update(`${header}\n${line}\n`);
    count = 0;
    return { first_line: line, last_line: line, rows: [], rejected: [], key: "" };
  };
  return {
    header(text) {
      header = text;
    },
    push(rows) {
      const done: RowBatch[] = [];
      for (const row of rows) {
        const good = "reading" in row;
        // Asked for every row, also where the size cuts anyway: it may remember what it has seen.
        const wanted = good && cutBefore(row);
        if (open !== undefined && (wanted || count >= size)) done.push(...close());
        open ??= begin(row.line);
        if (good) {
          open.rows.push(row);
          hash.update(`${row.text}\n`);
        } else open.rejected.push(row);
        open.last_line = row.last_line;
        count += 1;
      }
      return done;
    },
    end: close,
  };
}
