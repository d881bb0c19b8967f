import type { CsvMapping, CsvSource } from "../../domain/csv-mapping.ts";
import { ForesightError } from "../../domain/errors.ts";
import { createTimeReader } from "../../domain/local-time.ts";
import type { Reading } from "../../domain/reading.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ReadingValidator } from "../validate-reading.ts";
import type { CsvHeader } from "./header.ts";
import type { CsvRecord } from "./records.ts";

/** One reading of a data row, or why it is none. `text` is the row as it stands in the file. */
export type CsvRow =
  | { line: number; last_line: number; text: string; reading: Reading }
  | { line: number; last_line: number; text: string; reason: string };

/** A field of the record by its place, or the same text for all. */
type Source = number | string;

interface SensorPlan {
  /** What a refusal calls the value. */
  name: string;
  value: number;
  /** Behind the asset's id, or where the whole id stands. */
  sensor_id: { suffix: string } | Source;
  sensor_type: Source;
  unit: Source;
}

/** Where the parts of readings stand in the records of a file. */
export interface RowPlan {
  width: number;
  timestamp: number;
  asset_id: Source;
  quality?: Source | undefined;
  asset_type?: Source | undefined;
  sensors: readonly SensorPlan[];
  /** An empty value is no reading rather than a wrong one. */
  skip_empty: boolean;
  decimal: "." | ",";
  /** Absent: what the validator takes. */
  readTime?: (text: string) => EpochMs | string;
}

/** Decimal notation only: what `Number` also takes (`0x1f`, `Infinity`, blanks) is no measured value. */
const DECIMAL = {
  ".": /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  ",": /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/,
};

/** The plan of a file with the columns that this program writes. */
export function planOfHeader({ columns, series, width }: CsvHeader): RowPlan {
  const { timestamp, value, quality, asset_type } = columns;
  const { asset_id, sensor_id, sensor_type, unit } = series ?? columns;
  return {
    width,
    timestamp,
    asset_id,
    quality,
    asset_type,
    sensors: [{ name: "value", value, sensor_id, sensor_type, unit }],
    skip_empty: false,
    decimal: ".",
    // Bare series mostly have times without a zone.
    ...(series && { readTime: createTimeReader({ time_zone: "UTC" }) }),
  };
}

/** @throws ForesightError `invalid_request` naming the columns that the header has not, or has twice */
export function planOfMapping(mapping: CsvMapping, fields: readonly string[], line: number): RowPlan {
  const names = fields.map((field) => field.trim());
  const missing: string[] = [];
  const at = (name: string): number => {
    const found = names.indexOf(name);
    if (found === -1) missing.push(name);
    else if (names.includes(name, found + 1))
      throw new ForesightError("invalid_request", `The header (line ${line}) names ${name} twice.`);
    return found;
  };
  const from = (source: CsvSource): Source => ("column" in source ? at(source.column) : source.constant);
  const plan: RowPlan = {
    width: fields.length,
    timestamp: at(mapping.timestamp.column),
    asset_id: from(mapping.asset_id),
    quality: mapping.quality && from(mapping.quality),
    asset_type: mapping.asset_type && from(mapping.asset_type),
    sensors:
      mapping.layout === "rows"
        ? [
            {
              name: mapping.value.column,
              value: at(mapping.value.column),
              sensor_id: from(mapping.sensor_id),
              sensor_type: from(mapping.sensor_type),
              unit: from(mapping.unit),
            },
          ]
        : mapping.sensors.map(({ column, suffix, sensor_type, unit }) => ({
            name: column,
            value: at(column),
            sensor_id: { suffix },
            sensor_type,
            unit,
          })),
    skip_empty: mapping.layout === "columns",
    decimal: mapping.decimal,
    readTime: createTimeReader(mapping),
  };
  if (missing.length > 0)
    throw new ForesightError(
      "invalid_request",
      `The header (line ${line}) lacks the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")} of the mapping; found ${shorten(fields.join(mapping.delimiter), 120)}.`,
      { errors: missing.map((path) => ({ path, message: "the column is missing" })) },
    );
  return plan;
}

/** The readings of one record, in the order of the plan's sensors. */
export function rowsOf(record: CsvRecord, plan: RowPlan, validate: ReadingValidator, now: EpochMs): CsvRow[] {
  const { fields, line, last_line, text } = record;
  const refuse = (reason: string): CsvRow => ({ line, last_line, text, reason });
  if (fields === undefined) return [refuse(record.defect ?? "unreadable")];
  if (fields.length !== plan.width)
    return [refuse(`expected ${plan.width} fields as in the header, found ${fields.length}`)];
  const of = (source: Source) => (typeof source === "number" ? fields[source]!.trim() : source);

  const timeText = fields[plan.timestamp]!.trim();
  const timestamp = plan.readTime === undefined ? timeText : plan.readTime(timeText);
  if (plan.readTime !== undefined && typeof timestamp === "string") return [refuse(timestamp)];
  const asset_id = of(plan.asset_id);
  const quality = plan.quality === undefined ? "" : of(plan.quality);
  const asset_type = plan.asset_type === undefined ? "" : of(plan.asset_type);

  const rows: CsvRow[] = [];
  for (const { name, value, sensor_id, sensor_type, unit } of plan.sensors) {
    const valueText = fields[value]!.trim();
    if (valueText === "" && plan.skip_empty) continue;
    if (!DECIMAL[plan.decimal].test(valueText)) {
      rows.push(refuse(noNumber(name, valueText, plan.decimal)));
      continue;
    }
    const candidate: Record<string, unknown> = {
      asset_id,
      sensor_id: typeof sensor_id === "object" ? `${asset_id}-${sensor_id.suffix}` : of(sensor_id),
      sensor_type: of(sensor_type),
      value: Number(plan.decimal === "," ? valueText.replace(",", ".") : valueText),
      unit: of(unit),
      timestamp,
    };
    if (quality !== "") candidate.quality = quality;
    if (asset_type !== "") candidate.asset_type = asset_type;
    const result = validate(candidate, now);
    rows.push(
      "reading" in result ? { line, last_line, text, reading: result.reading } : refuse(result.reason),
    );
  }
  return rows;
}

function noNumber(name: string, found: string, decimal: "." | ","): string {
  if (found === "") return `${name}: empty`;
  const expected = decimal === "," ? "a number with a decimal comma" : "a number";
  return `${name}: expected ${expected}, found "${shorten(found, 40)}"`;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
