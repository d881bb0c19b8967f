import { type CsvDelimiter, type CsvMapping, csvMappingSchema } from "../../../lib/domain/csv-mapping.ts";
import type { DateOrder } from "../../../lib/domain/local-time.ts";

export const TARGETS = ["asset_id", "sensor_id", "sensor_type", "unit", "quality", "asset_type"] as const;
export type Target = (typeof TARGETS)[number];
export const OPTIONAL: ReadonlySet<Target> = new Set<Target>(["quality", "asset_type"]);

/** From a column, the same for every row, or not at all. */
export interface DraftSource {
  from: "column" | "constant" | "nothing";
  text: string;
}

export interface DraftSensor {
  column: string;
  taken: boolean;
  suffix: string;
  sensor_type: string;
  unit: string;
}

/** A mapping while it is made: anything may still be missing. */
export interface Draft {
  layout: CsvMapping["layout"];
  delimiter: CsvDelimiter;
  decimal: "." | ",";
  /** Only where times do not say their offset. */
  time_zone: string | undefined;
  /** Only where dates have slashes. */
  date_order: DateOrder | "" | undefined;
  /** Column; empty: none yet. */
  timestamp: string;
  value: string;
  sources: Record<Target, DraftSource>;
  sensors: DraftSensor[];
}

/** The columns that may hold a sensor: all but those that something else is read from. */
export function sensorsOf({ sensors, timestamp, sources }: Draft): DraftSensor[] {
  const { asset_id, asset_type, quality } = sources;
  const own = new Set([timestamp]);
  for (const { from, text } of [asset_id, asset_type, quality]) if (from === "column") own.add(text);
  return sensors.filter(({ column }) => !own.has(column));
}

/** @returns the mapping, or what is missing or wrong in words */
export function mappingOf(draft: Draft): { mapping: CsvMapping } | { missing: string[] } {
  const { layout, delimiter, decimal, time_zone, date_order, timestamp, value, sources } = draft;
  const missing: string[] = [];
  if (timestamp === "") missing.push("a column for the time");
  const source = (target: Target) => {
    const { from, text } = sources[target];
    if (from !== "nothing" && text.trim() !== "") return { [from]: text.trim() };
    // A unit may be none, but then it is said.
    if (!OPTIONAL.has(target)) missing.push(`the ${NAMES[target]}`);
    return undefined;
  };
  const optional = (target: Target) => {
    const found = sources[target].from === "nothing" ? undefined : source(target);
    return found && { [target]: found };
  };
  if (date_order === "") missing.push("whether dates have the day or the month first");
  if (time_zone === "") missing.push("the time zone of the file");
  const common = {
    layout,
    delimiter,
    decimal,
    ...(time_zone !== undefined && { time_zone }),
    ...(date_order !== undefined && { date_order }),
    timestamp: { column: timestamp },
    asset_id: source("asset_id"),
    ...optional("quality"),
    ...optional("asset_type"),
  };
  let whole: object;
  if (layout === "rows") {
    if (value === "") missing.push("a column for the value");
    const parts = {
      sensor_id: source("sensor_id"),
      sensor_type: source("sensor_type"),
      unit: source("unit"),
    };
    whole = { ...common, ...parts, value: { column: value } };
  } else {
    const taken = sensorsOf(draft).filter((sensor) => sensor.taken);
    if (taken.length === 0) missing.push("a column of a sensor");
    for (const sensor of taken)
      if (sensor.suffix.trim() === "" || sensor.sensor_type.trim() === "")
        missing.push(`name and type of the sensor in ${sensor.column}`);
    whole = { ...common, sensors: taken.map(({ taken: _, ...sensor }) => sensor) };
  }
  if (missing.length > 0) return { missing };
  const parsed = csvMappingSchema.safeParse(whole);
  return parsed.success
    ? { mapping: parsed.data }
    : { missing: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
}

export const NAMES: Record<Target | "timestamp" | "value", string> = {
  timestamp: "time",
  asset_id: "asset",
  sensor_id: "sensor",
  sensor_type: "type",
  value: "value",
  unit: "unit",
  quality: "quality",
  asset_type: "asset type",
};

/** Whether the mapping says what the header says by itself, so that none need be sent. */
export function isPlain(mapping: CsvMapping): boolean {
  if (mapping.layout !== "rows" || mapping.delimiter !== "," || mapping.decimal !== ".") return false;
  if (mapping.time_zone !== undefined || mapping.date_order !== undefined) return false;
  return ([...TARGETS, "timestamp", "value"] as const).every((target) => {
    const source = mapping[target];
    return source === undefined || ("column" in source && source.column.toLowerCase() === target);
  });
}
