import { ForesightError } from "../../domain/errors.ts";
import type { Reading } from "../../domain/reading.ts";

export const REQUIRED_COLUMNS = [
  "timestamp",
  "asset_id",
  "sensor_id",
  "sensor_type",
  "value",
  "unit",
] as const;
export const OPTIONAL_COLUMNS = ["quality", "asset_type"] as const;
type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** Whose readings a file of `timestamp` and `value` alone has: a bare series of one sensor. */
export type SeriesOf = Pick<Reading, "asset_id" | "sensor_id" | "sensor_type" | "unit">;
const SERIES_COLUMNS: readonly string[] = ["timestamp", "value"];

/** Where each known column stands; optional ones may be absent, and in a bare series all that `series` says. */
export interface CsvHeader {
  columns: Partial<Record<Column, number>> & Record<(typeof REQUIRED_COLUMNS)[number], number>;
  series?: SeriesOf;
  width: number;
  /** Columns that are read over. */
  ignored: string[];
}

const KNOWN: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];
const EXPECTED = `Expected a header line with ${REQUIRED_COLUMNS.join(",")} in any order, and optionally ${OPTIONAL_COLUMNS.join(", ")}.`;

export function emptyFile(): ForesightError {
  return new ForesightError("invalid_request", `The file is empty: it has no header line. ${EXPECTED}`);
}

/**
 * Reads the header record. Names are compared without case and surrounding blanks.
 * @param series whose readings they are where none but the time and the value are told; absent: such a file is refused
 * @throws ForesightError `invalid_request` naming the missing or repeated columns
 */
export function readHeader(fields: string[], line: number, series?: SeriesOf): CsvHeader {
  const names = fields.map((field) => field.trim().toLowerCase());
  const repeated = names.filter((name, at) => KNOWN.includes(name) && names.indexOf(name) !== at);
  if (repeated.length > 0)
    throw new ForesightError(
      "invalid_request",
      `The header (line ${line}) names ${repeated[0]} twice. ${EXPECTED}`,
    );
  const missing = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  const bare = series !== undefined && missing.join() === REQUIRED_COLUMNS.filter(ofIdentity).join();
  if (missing.length > 0 && !bare)
    throw new ForesightError(
      "invalid_request",
      `The header (line ${line}) lacks the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}; found ${shorten(fields.join(","))}. ${EXPECTED}`,
      { errors: missing.map((path) => ({ path, message: "the column is missing" })) },
    );
  const columns = Object.fromEntries(
    KNOWN.filter((column) => names.includes(column)).map((column) => [column, names.indexOf(column)]),
  ) as CsvHeader["columns"];
  return {
    columns,
    ...(bare && { series }),
    width: fields.length,
    ignored: fields.map((field) => field.trim()).filter((_, at) => !KNOWN.includes(names[at]!)),
  };
}

const ofIdentity = (column: string) => !SERIES_COLUMNS.includes(column);

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
