import type { Reading } from "../../../domain/reading.ts";
import { formatTimestamp } from "../../../domain/time.ts";
import type { Scored } from "./score-readings.ts";

export const SCORES_HEADER = "asset_id,timestamp,cycle,score,risk_level,rul,rul_low,rul_high,reason\n";
export const ANOMALIES_HEADER = "asset_id,sensor_id,timestamp,value,anomaly\n";

/** One row of `SCORES_HEADER`. */
export function scoreRow(scored: Scored): string {
  const { asset_id, timestamp, cycle, score, risk_level, rul, rul_low, rul_high, reason } = scored;
  return row([
    asset_id,
    formatTimestamp(timestamp),
    cycle,
    score,
    risk_level,
    rul,
    rul_low,
    rul_high,
    reason,
  ]);
}

/** One row of `ANOMALIES_HEADER`. @param anomaly `undefined` where the reading was not judged: the field is empty */
export function anomalyRow(
  { asset_id, sensor_id, timestamp, value }: Reading,
  anomaly: number | undefined,
): string {
  const told = anomaly === undefined ? undefined : Math.round(anomaly * 1e6) / 1e6;
  return row([asset_id, sensor_id, formatTimestamp(timestamp), value, told]);
}

function row(fields: readonly unknown[]): string {
  return `${fields.map((field) => quoted(field)).join(",")}\n`;
}

/** What a spreadsheet would take for a formula gets an apostrophe before it. */
function quoted(field: unknown): string {
  const text = String(field ?? "");
  const safe = typeof field === "string" && /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
