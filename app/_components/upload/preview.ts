import type { CsvDelimiter, CsvMapping } from "../../../lib/domain/csv-mapping.ts";
import { DEFAULT_TIMESTAMP_BOUNDS } from "../../../lib/domain/time.ts";
import { RecordAssembler } from "../../../lib/ingest/csv/records.ts";
import { type CsvRow, planOfMapping, rowsOf } from "../../../lib/ingest/csv/row-plan.ts";
import { createReadingValidator } from "../../../lib/ingest/validate-reading.ts";
import { sentenceOf } from "../api/request.ts";

/** A file's first records, cut but not yet understood. */
export interface Table {
  /** Where the header stands. */
  line: number;
  /** The header. */
  fields: string[];
  records: ReturnType<RecordAssembler["push"]>;
}

const MOST_RECORDS = 200;

/** @returns `undefined` where the header cannot be cut */
export function cutTable(lines: readonly string[], delimiter: CsvDelimiter): Table | undefined {
  const assembler = new RecordAssembler(delimiter);
  const framed = lines.map((text, i) => ({ line: i + 1, text }));
  const [header, ...records] = [...assembler.push(framed), ...assembler.end()];
  if (header?.fields === undefined) return undefined;
  const fields = header.fields.map((field) => field.trim());
  return { line: header.line, fields, records: records.slice(0, MOST_RECORDS) };
}

export interface Preview {
  rows: CsvRow[];
  read: number;
  rejected: number;
  /** Why the whole file would be refused. */
  error?: string;
}

/** What the server will make of the first records: by the same code. */
export function previewOf(table: Table, mapping: CsvMapping, now: number): Preview {
  try {
    const plan = planOfMapping(mapping, table.fields, table.line);
    const validate = createReadingValidator(DEFAULT_TIMESTAMP_BOUNDS);
    const rows = table.records.flatMap((record) => rowsOf(record, plan, validate, now));
    const read = rows.filter((row) => "reading" in row).length;
    return { rows, read, rejected: rows.length - read };
  } catch (error) {
    return { rows: [], read: 0, rejected: 0, error: sentenceOf(error) };
  }
}
