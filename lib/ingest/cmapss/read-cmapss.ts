import { ForesightError } from "../../domain/errors.ts";
import { frameLines } from "../csv/line-framer.ts";
import { fileBytes } from "../file-bytes.ts";
import { CMAPSS_WIDTH } from "./cmapss-columns.ts";

/** One row: an engine at one cycle. `values` are its 24 numbers as they stand in the file. */
export interface CmapssRow {
  unit: number;
  cycle: number;
  line: number;
  values: string[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const MAX_LINE_BYTES = 4_096;
const EXPECTED = `expected ${CMAPSS_WIDTH} numbers separated by blanks: unit, cycle, 3 operational settings, 21 sensors`;

/**
 * Reads a C-MAPSS file, checking every line, and gives its rows sorted by cycle and then engine: the order in
 * which a fleet that started together flies. The file is held in memory (the largest published one has 10 MB).
 * @throws ForesightError `invalid_request` with the line, what was found and what was expected
 */
export async function readCmapss(path: string): Promise<CmapssRow[]> {
  const rows: CmapssRow[] = [];
  const refuse = (line: number, found: string) =>
    new ForesightError("invalid_request", `${path}, line ${line}: found ${found}; ${EXPECTED}.`);
  for await (const lines of frameLines(fileBytes(path), { max_line_bytes: MAX_LINE_BYTES }))
    for (const { line, text, defect } of lines) {
      if (defect !== undefined) throw refuse(line, `a ${defect}`);
      const fields = splitFields(text);
      if (fields.length === 0) continue;
      if (fields.length !== CMAPSS_WIDTH)
        throw refuse(line, `${fields.length} field${fields.length === 1 ? "" : "s"} (${shorten(text)})`);
      const wrong = fields.find((field) => !NUMBER.test(field) || !Number.isFinite(Number(field)));
      if (wrong !== undefined) throw refuse(line, `"${shorten(wrong)}" where a number belongs`);
      const [unit, cycle] = [Number(fields[0]), Number(fields[1])];
      if (!Number.isInteger(unit) || unit < 1)
        throw refuse(line, `unit ${fields[0]}, which is no whole number from 1 on`);
      if (!Number.isInteger(cycle) || cycle < 0)
        throw refuse(line, `cycle ${fields[1]}, which is no whole number from 0 on`);
      rows.push({ unit, cycle, line, values: fields.slice(2) });
    }
  if (rows.length === 0) throw refuse(1, "an empty file");
  rows.sort((a, b) => a.cycle - b.cycle || a.unit - b.unit || a.line - b.line);
  for (let at = 1; at < rows.length; at++) {
    const [before, row] = [rows[at - 1]!, rows[at]!];
    if (before.unit === row.unit && before.cycle === row.cycle)
      throw refuse(row.line, `cycle ${row.cycle} of unit ${row.unit} again (first in line ${before.line})`);
  }
  return rows;
}

function splitFields(text: string): string[] {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
