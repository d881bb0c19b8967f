import { z } from "zod";
import { DATE_ORDERS } from "./local-time.ts";
import { timeZoneSchema } from "./tenant-settings.ts";

export const CSV_DELIMITERS = [",", ";", "\t", "|"] as const;
export type CsvDelimiter = (typeof CSV_DELIMITERS)[number];

/** A row of more columns would make batches that begin on one line, which their keys must tell apart. */
const MOST_SENSORS = 500;

const text = (most: number) => z.string().trim().min(1).max(most);
const column = z.strictObject({ column: text(256) });
/** A column of the file, or the same for every row. */
const source = z.union([column, z.strictObject({ constant: text(128) })], {
  error: "expected {column} or {constant}",
});
export type CsvSource = z.infer<typeof source>;

const common = {
  delimiter: z.enum(CSV_DELIMITERS).default(","),
  /** What stands before the fraction of a number; thousands are not grouped. */
  decimal: z.enum([".", ","]).default("."),
  /** Where times were read from that do not say their offset from UTC. */
  time_zone: timeZoneSchema.optional(),
  date_order: z.enum(DATE_ORDERS).optional(),
  timestamp: column,
  asset_id: source,
  asset_type: source.optional(),
  quality: source.optional(),
};

/**
 * How a CSV that was not made for this program becomes readings. `rows`: each row is a reading. `columns`: each row
 * has one time and a column for each sensor; the sensor's id is the asset's with the suffix behind it, and an empty cell
 * is no reading. Columns are named as in the header.
 */
export const csvMappingSchema = z.discriminatedUnion("layout", [
  z.strictObject({
    layout: z.literal("rows"),
    ...common,
    sensor_id: source,
    sensor_type: source,
    value: column,
    unit: source,
  }),
  z.strictObject({
    layout: z.literal("columns"),
    ...common,
    sensors: z
      .array(
        z.strictObject({
          column: text(256),
          suffix: text(100),
          sensor_type: text(64),
          unit: z.string().trim().max(32),
        }),
      )
      .min(1)
      .max(MOST_SENSORS),
  }),
]);
export type CsvMapping = z.infer<typeof csvMappingSchema>;
