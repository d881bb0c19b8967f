import { expect, it } from "vitest";
import { groupsOf, readView, viewRows } from "./fleet-view.ts";
import type { FleetRow } from "./rows.ts";

const row = (asset_id: string, asset_type: string, risk: FleetRow["risk"]): FleetRow => ({
  asset_id,
  asset_type,
  risk,
  score: 50,
  life: undefined,
  why: { kind: "fine" },
  sensors: [],
  together: [],
  alerts: { critical: 0, warning: 0, info: 0 },
  received_at: 0,
});
const rows = [
  row("FAN-001", "fan", "critical"),
  row("PUMP-001", "pump", "high"),
  row("FAN-002", "fan", "low"),
  row("PUMP-002", "pump", "low"),
];
const shown = (query: string) => {
  const view = readView(new URLSearchParams(query));
  return groupsOf(viewRows(rows, view), view.group).map(
    ({ key, rows }) => `${key}: ${rows.map(({ asset_id }) => asset_id).join(" ")}`,
  );
};

it("shows the fleet by risk, and forgives what the URL says that it does not know", () => {
  expect(shown("group=colour&layout=3d&density=x")).toEqual([
    "critical: FAN-001",
    "high: PUMP-001",
    "low: FAN-002 PUMP-002",
  ]);
});

it("by type the type in most need comes first, in each its assets by risk", () => {
  expect(shown("group=type")).toEqual(["fan: FAN-001 FAN-002", "pump: PUMP-001 PUMP-002"]);
});

it("filters by type and text", () => {
  expect(shown("type=pump&q=002")).toEqual(["low: PUMP-002"]);
  expect(shown("q=.*")).toEqual([]);
});
