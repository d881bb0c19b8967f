import { ForesightError } from "../../domain/errors.ts";
import type { Reading } from "../../domain/reading.ts";
import type { TimestampBounds } from "../../domain/time.ts";
import type { Clock } from "../../ports/system.ts";
import { createReadingValidator } from "../validate-reading.ts";
import { type CsvHeader, emptyFile, readHeader, type SeriesOf } from "./header.ts";
import { frameLines } from "./line-framer.ts";
import { type CsvRecord, RecordAssembler } from "./records.ts";

/** One data row: a reading, or why it is none. `text` is the row as it stands in the file. */
export type CsvRow =
  | { line: number; last_line: number; text: string; reading: Reading }
  | { line: number; last_line: number; text: string; reason: string };

export interface CsvReadingsOptions {
  clock: Clock;
  /** Absent: any time is taken (someone else judges it). */
  bounds?: TimestampBounds;
  max_line_bytes?: number;
  /** Rows that begin at or before this line are passed over without being looked at. */
  after_line?: number;
  /**
   * Takes a file of `timestamp` and `value` alone too, as readings of this sensor; its times may lack a zone, which then
   * is UTC.
   */
  series?: SeriesOf;
  /** Hears of the header, before the first row. */
  onHeader?: (header: CsvHeader, text: string) => void;
  signal?: AbortSignal;
}

export const DEFAULT_MAX_LINE_BYTES = 64 * 1024;
/** Decimal notation only: what `Number` also takes (`0x1f`, `Infinity`, blanks) is no measured value. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A time as bare series mostly have it. */
const ZONELESS = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?$/;

/**
 * Reads a CSV of readings in constant memory and yields its rows in order, some hundreds at a time. Bad rows come
 * out with their reason and never stop the file.
 * @throws ForesightError `invalid_request` where the file is empty or a required column is missing
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvReadingsOptions,
): AsyncGenerator<CsvRow[]> {
  const assembler = new RecordAssembler();
  const validate = createReadingValidator(options.bounds);
  const after_line = options.after_line ?? 0;
  let header: CsvHeader | undefined;

  const rowsOf = (records: CsvRecord[]): CsvRow[] => {
    const now = options.clock.now();
    const rows: CsvRow[] = [];
    for (const record of records) {
      if (header === undefined) {
        if (record.fields === undefined)
          throw new ForesightError(
            "invalid_request",
            `The header (line ${record.line}) cannot be read: ${record.defect}.`,
          );
        header = readHeader(record.fields, record.line, options.series);
        options.onHeader?.(header, record.text);
      } else if (record.line > after_line) rows.push(toRow(record, header, validate, now));
    }
    return rows;
  };

  const framed = frameLines(source, {
    max_line_bytes: options.max_line_bytes ?? DEFAULT_MAX_LINE_BYTES,
    ...(options.signal && { signal: options.signal }),
  });
  for await (const lines of framed) {
    const rows = rowsOf(assembler.push(lines));
    if (rows.length > 0) yield rows;
  }
  const rows = rowsOf(assembler.end());
  if (header === undefined) throw emptyFile();
  if (rows.length > 0) yield rows;
}

function toRow(
  record: CsvRecord,
  header: CsvHeader,
  validate: ReturnType<typeof createReadingValidator>,
  now: number,
): CsvRow {
  const { fields } = record;
  if (fields === undefined) return refuse(record, record.defect ?? "unreadable");
  if (fields.length !== header.width)
    return refuse(record, `expected ${header.width} fields as in the header, found ${fields.length}`);
  const { columns } = header;
  const valueText = fields[columns.value]!.trim();
  if (!DECIMAL.test(valueText))
    return refuse(
      record,
      valueText === "" ? "value: empty" : `value: expected a number, found "${shorten(valueText)}"`,
    );
  const quality = columns.quality === undefined ? "" : fields[columns.quality]!.trim();
  const asset_type = columns.asset_type === undefined ? "" : fields[columns.asset_type]!.trim();
  const value = Number(valueText);
  const timestamp = fields[columns.timestamp]!.trim();
  const candidate: Record<string, unknown> =
    header.series === undefined
      ? {
          asset_id: fields[columns.asset_id]!.trim(),
          sensor_id: fields[columns.sensor_id]!.trim(),
          sensor_type: fields[columns.sensor_type]!.trim(),
          value,
          unit: fields[columns.unit]!.trim(),
          timestamp,
        }
      : { ...header.series, value, timestamp: ZONELESS.test(timestamp) ? `${timestamp}Z` : timestamp };
  if (quality !== "") candidate.quality = quality;
  if (asset_type !== "") candidate.asset_type = asset_type;
  const result = validate(candidate, now);
  if (!("reading" in result)) return refuse(record, result.reason);
  const { line, last_line, text } = record;
  return { line, last_line, text, reading: result.reading };
}

function refuse({ line, last_line, text }: CsvRecord, reason: string): CsvRow {
  return { line, last_line, text, reason };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
