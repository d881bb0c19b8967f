import { expect, it } from "vitest";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { compareAlerts, compareForTable, mergeAlerts } from "./order.ts";

const alert = (id: string, part: Partial<WireAlert>): WireAlert => ({
  id,
  tenant_id: "t",
  asset_id: "A",
  rule_id: "r",
  title: id,
  severity: "warning",
  state: "open",
  metric_value: 1,
  raised_at: "2026-03-03T12:00:00.000Z",
  updated_at: "2026-03-03T12:00:00.000Z",
  timestamp: "2026-03-03T12:00:00.000Z",
  occurrences: 1,
  ...part,
});
const ids = (alerts: WireAlert[]) => alerts.map(({ id }) => id);

it("lists the feed by state, then severity, then newest", () => {
  const list = [
    alert("resolved", { state: "resolved", severity: "critical" }),
    alert("acknowledged", { state: "acknowledged", severity: "critical" }),
    alert("old", { raised_at: "2026-03-03T11:00:00.000Z" }),
    alert("new", { raised_at: "2026-03-03T12:30:00.000Z" }),
    alert("critical", { severity: "critical", raised_at: "2026-03-03T09:00:00.000Z" }),
  ];
  expect(ids(list.sort(compareAlerts))).toEqual(["critical", "new", "old", "acknowledged", "resolved"]);
});

it("lists the table by severity, acknowledged or not, and closed ones last", () => {
  const list = [
    alert("closed", { state: "cleared", severity: "critical" }),
    alert("warning", {}),
    alert("acknowledged", { state: "acknowledged", severity: "critical" }),
  ];
  expect(ids(list.sort(compareForTable))).toEqual(["acknowledged", "warning", "closed"]);
});

it("shows each alert once, in its latest version, wherever it came from", () => {
  const stored = [
    alert("a", { state: "acknowledged", updated_at: "2026-03-03T12:05:00.000Z" }),
    alert("b", {}),
  ];
  const live = [
    alert("a", {}),
    alert("b", { occurrences: 2, updated_at: "2026-03-03T12:01:00.000Z" }),
    alert("c", {}),
  ];
  const merged = mergeAlerts(stored, live);
  expect(ids(merged)).toEqual(["a", "b", "c"]);
  expect(merged[0]!.state).toBe("acknowledged");
  expect(merged[1]!.occurrences).toBe(2);
});
