import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { saveFile } from "../ui/save-file.ts";

const COLUMNS = [
  "id",
  "asset_id",
  "sensor_id",
  "rule_id",
  "title",
  "severity",
  "state",
  "metric_value",
  "threshold",
  "unit",
  "raised_at",
  "updated_at",
  "timestamp",
  "occurrences",
  "owner",
  "comment",
] as const satisfies readonly (keyof WireAlert)[];

/** A field of RFC 4180; what a spreadsheet would take for a formula is marked as text. */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The alerts as they stand in the list, times in RFC 3339. */
export function alertsCsv(alerts: readonly WireAlert[]): string {
  const lines = alerts.map((alert) => COLUMNS.map((column) => field(alert[column])).join(","));
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

export function downloadCsv(alerts: readonly WireAlert[]): void {
  saveFile("alerts.csv", new Blob([alertsCsv(alerts)], { type: "text/csv;charset=utf-8" }));
}
