import type { AlertState, Severity } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";

const SEVERITY: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };
/** 0 for what is worst. */
export function severityRank(severity: Severity): number {
  return SEVERITY[severity];
}

/** Not acknowledged, acknowledged, closed. */
const GROUP: Record<AlertState, number> = { open: 0, acknowledged: 1, shelved: 2, cleared: 2, resolved: 2 };

export type AlertGroup = "Not acknowledged" | "Acknowledged" | "Closed";
const GROUPS: readonly AlertGroup[] = ["Not acknowledged", "Acknowledged", "Closed"];

export function groupOf(alert: WireAlert): AlertGroup {
  return GROUPS[GROUP[alert.state]]!;
}

/** Not acknowledged, acknowledged, closed; each by severity, then newest. */
export function compareAlerts(a: WireAlert, b: WireAlert): number {
  return (
    GROUP[a.state] - GROUP[b.state] ||
    SEVERITY[a.severity] - SEVERITY[b.severity] ||
    Date.parse(b.raised_at) - Date.parse(a.raised_at) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** What is open by severity and newest; what is closed at the end, newest first whatever it was. */
export function compareForTable(a: WireAlert, b: WireAlert): number {
  const closed = (alert: WireAlert) => Number(GROUP[alert.state] === 2);
  return (
    closed(a) - closed(b) ||
    (closed(a) === 1 ? 0 : SEVERITY[a.severity] - SEVERITY[b.severity]) ||
    Date.parse(b.raised_at) - Date.parse(a.raised_at) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Of two versions of an alert the later one. */
export function newer(a: WireAlert, b: WireAlert): WireAlert {
  return Date.parse(b.updated_at) >= Date.parse(a.updated_at) ? b : a;
}

/** Stored and live alerts in one list, each once, in its latest version. */
export function mergeAlerts(stored: readonly WireAlert[], live: readonly WireAlert[]): WireAlert[] {
  const merged = new Map(stored.map((alert) => [alert.id, alert]));
  for (const alert of live) {
    const held = merged.get(alert.id);
    merged.set(alert.id, held === undefined ? alert : newer(held, alert));
  }
  return [...merged.values()];
}
