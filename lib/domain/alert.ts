import type { EpochMs } from "./time.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ALERT_STATES = ["open", "acknowledged", "cleared", "shelved", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Present state of an alert: the projection of its events in sequence order. */
export interface Alert {
  id: string;
  tenant_id: string;
  asset_id: string;
  sensor_id?: string;
  rule_id: string;
  title: string;
  severity: Severity;
  state: AlertState;
  metric_value: number | null;
  threshold?: number;
  unit?: string;
  raised_at: EpochMs;
  updated_at: EpochMs;
  /** The event time of the reading that raised it (charts mark it there); `raised_at` is the receiving clock. */
  timestamp: EpochMs;
  occurrences: number;
  owner?: string;
  comment?: string;
  shelved_until?: EpochMs;
  /** Its state before a person resolved it; absent where its condition did. `reopen` goes back to it. */
  resolved_from?: Exclude<AlertState, "resolved">;
}

export const ALERT_EVENT_KINDS = [
  "raised",
  "recurred",
  "escalated",
  "acknowledged",
  "cleared",
  "resolved",
  "shelved",
  "unshelved",
  "commented",
  "unacknowledged",
  "reopened",
] as const;
export type AlertEventKind = (typeof ALERT_EVENT_KINDS)[number];

/**
 * One change of one alert. `event_id` is deterministic and unique per tenant; `seq` is dense per tenant from 1.
 * `alert` is the projection after the event, so a reader needs nothing else to show it.
 */
export interface AlertEvent {
  tenant_id: string;
  seq: number;
  event_id: string;
  alert_id: string;
  kind: AlertEventKind;
  at: EpochMs;
  by: string;
  comment?: string;
  alert: Alert;
}
