import type { AlertState, Severity } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { type LanePoint, LaneSeries } from "../chart/series.ts";
import type { FleetRow } from "../fleet/rows.ts";
import type { ConnectionWords, ShownConnection } from "../stream.ts";

/** All samples lie around this time, so that the page is the same each time. */
export const NOW = Date.parse("2026-03-03T12:34:07Z");
const MINUTE = 60_000;

export function connection(shown: ShownConnection, more: Partial<ConnectionWords> = {}): ConnectionWords {
  return {
    shown,
    live: shown === "live",
    denied: false,
    attempt: 2,
    wait_s: shown === "stale" || shown === "offline" ? 8 : undefined,
    stale_since: shown === "live" ? undefined : NOW - 3 * MINUTE,
    behind_ms: 3 * MINUTE,
    latency_ms: 18,
    caught_up: shown === "live" ? 0 : 412,
    reason: undefined,
    retry: () => undefined,
    ...more,
  };
}

/** @param now ages are counted from it; that of the page */
export function fleetRow(asset_id: string, now: number, more: Partial<FleetRow>): FleetRow {
  return {
    asset_id,
    asset_type: asset_id.split("-")[0]!.toLowerCase(),
    risk: "low",
    score: 96,
    life: undefined,
    why: { kind: "fine" },
    sensors: [],
    together: [],
    alerts: { critical: 0, warning: 0, info: 0 },
    received_at: now - 21_000,
    ...more,
  };
}

/** One of each group of the fleet. */
export function fleetRows(now: number): FleetRow[] {
  const alert = (title: string, severity: Severity): FleetRow["why"] => ({
    kind: "alert",
    sensor_id: undefined,
    title,
    severity,
    threshold: undefined,
    metric_value: null,
    raised_at: now - 6 * MINUTE,
    occurrences: 3,
    unit: undefined,
  });
  return [
    fleetRow("ENGINE-069", now, {
      risk: "critical",
      score: 12,
      life: { kind: "known", rul: 11, low: 1, high: 25, most: 125, unit: "cycles" },
      why: alert("T50 1 425.4 °R above critical limit 1 424", "critical"),
      alerts: { critical: 1, warning: 2, info: 0 },
    }),
    fleetRow("ENGINE-081", now, {
      risk: "high",
      score: 36,
      life: { kind: "known", rul: 23, low: 11, high: 50, most: 125, unit: "cycles" },
      why: alert("W32 23.1 lbm/s below warning limit 23.2", "warning"),
      alerts: { critical: 0, warning: 1, info: 0 },
    }),
    fleetRow("PUMP-017", now, {
      risk: "unknown",
      score: null,
      why: { kind: "silent", since: now - 32 * MINUTE, was: 84 },
      received_at: now - 32 * MINUTE,
    }),
    fleetRow("ENGINE-017", now, {
      risk: "medium",
      score: 52,
      life: { kind: "withheld", reason: "18 of 30 cycles" },
      why: { kind: "reason", text: "Health withheld: too little data" },
    }),
    fleetRow("ENGINE-002", now, {
      life: { kind: "known", rul: 140, low: 120, high: 160, most: 125, unit: "cycles" },
    }),
  ];
}

export function alert(
  id: string,
  severity: Severity,
  state: AlertState,
  now: number,
  more: Partial<WireAlert> = {},
): WireAlert {
  const at = new Date(now - 6 * MINUTE).toISOString();
  return {
    id,
    tenant_id: "demo",
    asset_id: "ENGINE-020",
    rule_id: "rule",
    title: "T50 above 1 420 °R",
    severity,
    state,
    metric_value: 1422.8,
    threshold: 1420,
    unit: "rankine",
    raised_at: at,
    updated_at: at,
    timestamp: at,
    occurrences: 1,
    ...more,
  };
}

const INTERVAL = 10_000;
const COUNT = 240;

function wave(i: number): number {
  return 552 + Math.sin(i / 9) * 0.5 + Math.sin(i / 2.3) * 0.25 - Math.max(0, i - 150) * 0.025;
}

/** A pressure with everything that a lane may draw: an envelope, a gap, uncertain readings, and values past both limits. */
export function fullSeries(): LaneSeries {
  const points: LanePoint[] = [];
  for (let i = 0; i < COUNT; i++) {
    if (i > 60 && i < 80) continue;
    const y = wave(i);
    const spread = i < 150 ? 0.4 : 0;
    const x = NOW - (COUNT - i) * INTERVAL;
    points.push({
      x,
      y,
      until: x,
      min: y - spread,
      max: y + spread,
      n: spread > 0 ? 3 : 1,
      q: i > 95 && i < 110 ? 1 : 0,
    });
  }
  const series = new LaneSeries();
  series.reset(points, 0);
  return series;
}

/** A few single readings, near enough to see each. */
export function nearSeries(): LaneSeries {
  const points = Array.from({ length: 40 }, (_, i): LanePoint => {
    const [x, y] = [NOW - (40 - i) * INTERVAL, wave(i * 3)];
    return { x, y, until: x, min: y, max: y, n: 1, q: 0 };
  });
  const series = new LaneSeries();
  series.reset(points, 0);
  return series;
}
