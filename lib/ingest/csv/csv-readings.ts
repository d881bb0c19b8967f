import type { CsvMapping } from "../../domain/csv-mapping.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { TimestampBounds } from "../../domain/time.ts";
import type { Clock } from "../../ports/system.ts";
import { createReadingValidator } from "../validate-reading.ts";
import { type CsvHeader, emptyFile, readHeader, type SeriesOf } from "./header.ts";
import { frameLines } from "./line-framer.ts";
import { type CsvRecord, RecordAssembler } from "./records.ts";
import { type CsvRow, planOfHeader, planOfMapping, type RowPlan, rowsOf } from "./row-plan.ts";

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
  /** For a file whose header has other names; absent: the columns of `header.ts`. */
  mapping?: CsvMapping | undefined;
  /** Hears of the header, before the first row. */
  onHeader?: (header: Pick<CsvHeader, "ignored">, text: string) => void;
  signal?: AbortSignal;
}

export const DEFAULT_MAX_LINE_BYTES = 64 * 1024;

/**
 * Reads a CSV of readings in constant memory and yields its rows in order, some hundreds at a time. Bad rows come
 * out with their reason and never stop the file.
 * @throws ForesightError `invalid_request` where the file is empty or a column is missing
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvReadingsOptions,
): AsyncGenerator<CsvRow[]> {
  const { mapping } = options;
  const assembler = new RecordAssembler(mapping?.delimiter);
  const validate = createReadingValidator(options.bounds);
  const after_line = options.after_line ?? 0;
  let plan: RowPlan | undefined;

  const begin = ({ fields = [], line, text }: CsvRecord): RowPlan => {
    if (mapping !== undefined) {
      const planned = planOfMapping(mapping, fields, line);
      options.onHeader?.({ ignored: [] }, text);
      return planned;
    }
    const header = readHeader(fields, line, options.series);
    options.onHeader?.(header, text);
    return planOfHeader(header);
  };
  const take = (records: CsvRecord[]): CsvRow[] => {
    const now = options.clock.now();
    const rows: CsvRow[] = [];
    for (const record of records) {
      if (plan === undefined) {
        if (record.fields === undefined)
          throw new ForesightError(
            "invalid_request",
            `The header (line ${record.line}) cannot be read: ${record.defect}.`,
          );
        plan = begin(record);
      } else if (record.line > after_line) rows.push(...rowsOf(record, plan, validate, now));
    }
    return rows;
  };

  const framed = frameLines(source, {
    max_line_bytes: options.max_line_bytes ?? DEFAULT_MAX_LINE_BYTES,
    ...(options.signal && { signal: options.signal }),
  });
  for await (const lines of framed) {
    const rows = take(assembler.push(lines));
    if (rows.length > 0) yield rows;
  }
  const rows = take(assembler.end());
  if (plan === undefined) throw emptyFile();
  if (rows.length > 0) yield rows;
}
