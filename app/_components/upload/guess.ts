import { CSV_DELIMITERS, type CsvDelimiter } from "../../../lib/domain/csv-mapping.ts";
import { isLocalTime, needsDateOrder } from "../../../lib/domain/local-time.ts";
import { parseTimestamp } from "../../../lib/domain/time.ts";
import { quantityOf } from "../../../lib/domain/units.ts";
import { type Draft, type DraftSensor, type DraftSource, TARGETS, type Target } from "./draft.ts";
import type { Table } from "./preview.ts";

/** What columns are often called, besides the name that this program gives them. */
const OTHER_NAMES: Record<Target | "timestamp" | "value", readonly string[]> = {
  timestamp: ["time", "datetime", "date_time", "date", "ts", "zeit", "zeitstempel", "datum"],
  asset_id: ["asset", "machine", "machine_id", "equipment", "equipment_id", "device", "maschine", "anlage"],
  sensor_id: ["sensor", "tag", "tag_name", "channel", "signal", "point", "kanal", "messstelle"],
  sensor_type: ["type", "kind", "quantity", "measurement", "parameter", "typ"],
  value: ["reading", "val", "measured", "wert", "messwert"],
  unit: ["units", "uom", "einheit"],
  quality: ["status", "qualität"],
  asset_type: ["machine_type", "equipment_type"],
};

const SAMPLES = 50;
const POINT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const COMMA = /^[+-]?\d+,\d+$/;
/** "Temp [°C]", "Pressure (bar)" */
const WITH_UNIT = /^(.*?)\s*[[(]([^\])]*)[\])]\s*$/;

/** The delimiter that is most in the header, outside of quotes. */
export function guessDelimiter(header: string): CsvDelimiter {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  return CSV_DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function textsOf(table: Table, column: string): string[] {
  const at = table.fields.indexOf(column);
  return table.records
    .slice(0, SAMPLES)
    .map(({ fields }) => fields?.[at]?.trim() ?? "")
    .filter((text) => text !== "");
}

/** What a column of times does not say by itself. @param time_zone the one to begin with */
export function timeNeeds(
  table: Table,
  column: string,
  time_zone: string,
): Pick<Draft, "time_zone" | "date_order"> {
  const times = textsOf(table, column);
  return {
    time_zone: times.some(isLocalTime) ? time_zone : undefined,
    date_order: times.some(needsDateOrder) ? "" : undefined,
  };
}

/** A first mapping by names and contents of the columns, for someone to look at. */
export function guessDraft(table: Table, delimiter: CsvDelimiter, time_zone: string): Draft {
  const texts = (column: string) => textsOf(table, column);
  const every = (column: string, test: (text: string) => boolean) => {
    const found = texts(column);
    return found.length > 0 && found.every(test);
  };
  const isTime = (text: string) => parseTimestamp(text) !== undefined || isLocalTime(text);
  const named = (target: keyof typeof OTHER_NAMES): string => {
    const wanted = [target, ...OTHER_NAMES[target]];
    const plain = (name: string) =>
      name
        .replace(WITH_UNIT, "$1")
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, "_");
    return wanted.flatMap((name) => table.fields.find((field) => plain(field) === name) ?? [])[0] ?? "";
  };

  const byName = named("timestamp");
  const timestamp =
    byName !== ""
      ? byName
      : (table.fields.find((field) => every(field, (text) => !POINT.test(text) && isTime(text))) ?? "");
  const value = named("value");
  const known = new Set([timestamp, value, ...TARGETS.map(named)]);
  const others = [...new Set(table.fields)].filter((field) => field !== "" && !known.has(field));
  const numeric = (column: string) => every(column, (text) => POINT.test(text) || COMMA.test(text));
  const measured = others.filter(numeric);
  const layout = value === "" && measured.length > 0 ? "columns" : "rows";
  const decimal = (layout === "rows" ? [value] : measured).some((column) =>
    texts(column).some((text) => COMMA.test(text)),
  )
    ? ","
    : ".";
  return {
    layout,
    delimiter,
    decimal,
    ...timeNeeds(table, timestamp, time_zone),
    timestamp,
    value,
    sources: Object.fromEntries(
      TARGETS.map((target): [Target, DraftSource] => {
        const column = named(target);
        if (column !== "") return [target, { from: "column", text: column }];
        const optional = target === "quality" || target === "asset_type";
        return [target, { from: optional ? "nothing" : "constant", text: "" }];
      }),
    ) as Draft["sources"],
    sensors: others.map((column) => sensorOf(column, measured.includes(column))),
  };
}

/** "Temp [°C]" → suffix `TEMP`, type `temperature`, unit `°C`. */
function sensorOf(column: string, taken: boolean): DraftSensor {
  const [, name = column, unit = ""] = WITH_UNIT.exec(column) ?? [];
  const word = name.trim() === "" ? column : name.trim();
  return {
    column,
    taken,
    suffix:
      word
        .toUpperCase()
        .replace(/[^\p{L}\p{N}]+/gu, "_")
        .replace(/^_|_$/g, "") || column,
    sensor_type:
      quantityOf(unit)?.replaceAll(" ", "_") ?? word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_"),
    unit,
  };
}
