import { ForesightError } from "../../domain/errors.ts";

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

/** Where each known column stands; optional ones may be absent. */
export interface CsvHeader {
  columns: Partial<Record<Column, number>> & Record<(typeof REQUIRED_COLUMNS)[number], number>;
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
 * @throws ForesightError `invalid_request` naming the missing or repeated columns
 */
export function readHeader(fields: string[], line: number): CsvHeader {
  const names = fields.map((field) => field.trim().toLowerCase());
  const repeated = names.filter((name, at) => KNOWN.includes(name) && names.indexOf(name) !== at);
  if (repeated.length > 0)
    throw new ForesightError(
      "invalid_request",
      `The header (line ${line}) names ${repeated[0]} twice. ${EXPECTED}`,
    );
  const missing = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0)
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
    width: fields.length,
    ignored: fields.map((field) => field.trim()).filter((_, at) => !KNOWN.includes(names[at]!)),
  };
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
