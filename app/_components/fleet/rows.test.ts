import { describe, expect, it } from "vitest";
import { STALE_AFTER_MS } from "../../../lib/domain/stale-score.ts";
import type { WireAlert, WireAsset, WireHealth } from "../../../lib/protocol/messages.ts";
import { sensorName } from "./names.ts";
import { fleetRow, fleetRows, keepOrder } from "./rows.ts";

const NOW = Date.UTC(2026, 2, 3, 12);
const time = (ms: number) => new Date(ms).toISOString();

function asset(asset_id: string, health: Partial<WireHealth> | undefined, age = 1_000): WireAsset {
  const sensor = (sensor_id: string) => ({
    sensor_id,
    sensor_type: "temperature",
    unit: "celsius",
    readings: 100,
    first_at: time(0),
    latest: { timestamp: time(NOW), received_at: time(NOW), value: 1, quality: "good" as const },
  });
  return {
    asset_id,
    asset_type: "pump",
    received_at: time(NOW - age),
    open_alerts: { info: 0, warning: 0, critical: 0 },
    sensors: [`${asset_id}-A`, `${asset_id}-B`, `${asset_id}-C`].map(sensor),
    ...(health && {
      health: {
        asset_id,
        score: 90,
        risk_level: "low",
        evidence: [],
        timestamp: time(NOW),
        received_at: time(NOW),
        ...health,
      },
    }),
  };
}

const alert = (asset_id: string, part: Partial<WireAlert>): WireAlert => ({
  id: `${asset_id}-${part.severity}-${part.sensor_id}`,
  tenant_id: "t",
  asset_id,
  rule_id: "r",
  title: "Too hot",
  severity: "warning",
  state: "open",
  metric_value: 91,
  raised_at: time(NOW - 60_000),
  updated_at: time(NOW),
  timestamp: time(NOW),
  occurrences: 1,
  ...part,
});

describe("the order of the fleet", () => {
  it("puts what is unknown above medium, since it may hide anything", () => {
    const rows = fleetRows(
      [
        asset("LOW", { score: 95, risk_level: "low" }),
        asset("MEDIUM", { score: 60, risk_level: "medium" }),
        asset("UNJUDGED", undefined),
        asset("SILENT", { score: 99, risk_level: "low" }, STALE_AFTER_MS + 1),
        asset("CRITICAL", { score: 12, risk_level: "critical" }),
        asset("HIGH", { score: 40, risk_level: "high" }),
        asset("WORSE", { score: 31, risk_level: "high" }),
      ],
      [],
      NOW,
    );
    expect(rows.map(({ asset_id }) => asset_id)).toEqual([
      "CRITICAL",
      "WORSE",
      "HIGH",
      "SILENT",
      "UNJUDGED",
      "MEDIUM",
      "LOW",
    ]);
  });
  it("puts the shortest remaining life first within a risk, and what has none after", () => {
    const high = { score: 40, risk_level: "high" as const };
    const life = (rul: number | null) => ({
      ...high,
      rul,
      rul_low: rul,
      rul_high: rul,
      rul_unit: "cycles" as const,
    });
    const rows = fleetRows(
      [
        asset("NONE", { ...high, score: 26 }),
        asset("LONG", life(48)),
        asset("WITHHELD", { ...life(null), score: 27 }),
        asset("SHORT", life(21)),
      ],
      [],
      NOW,
    );
    expect(rows.map(({ asset_id }) => asset_id)).toEqual(["SHORT", "LONG", "NONE", "WITHHELD"]);
  });
  it("moves nothing under the pointer, and puts what is new last", () => {
    const rows = fleetRows(
      [asset("A", {}), asset("B", { score: 10, risk_level: "critical" }), asset("C", {})],
      [],
      NOW,
    );
    expect(keepOrder(rows, ["A", "B"]).map(({ asset_id }) => asset_id)).toEqual(["A", "B", "C"]);
  });
});

describe("why an asset stands where it stands", () => {
  it("names the worst open alert and puts its sensor first", () => {
    const row = fleetRow(
      asset("PUMP", { score: 40, risk_level: "high", evidence: [{ sensor_id: "PUMP-C", points: 20 }] }),
      [
        alert("PUMP", { severity: "warning", sensor_id: "PUMP-A" }),
        alert("PUMP", { severity: "critical", sensor_id: "PUMP-B", threshold: 90 }),
        alert("OTHER", { severity: "critical", sensor_id: "OTHER-A" }),
      ],
      NOW,
    );
    expect(row.why).toMatchObject({
      kind: "alert",
      sensor_id: "PUMP-B",
      severity: "critical",
      threshold: 90,
    });
    expect(row.sensors).toEqual(["PUMP-B", "PUMP-A", "PUMP-C"]);
    expect(row.alerts).toEqual({ critical: 1, warning: 1, info: 0 });
    expect(row.together).toEqual(["PUMP-C"]);
  });
  it("names the sensor that costs most health where no alert is open", () => {
    const row = fleetRow(
      asset("PUMP", { score: 60, risk_level: "medium", evidence: [{ sensor_id: "PUMP-C", points: 21 }] }),
      [],
      NOW,
    );
    expect(row.why).toEqual({ kind: "evidence", sensor_id: "PUMP-C", points: 21 });
  });
  it("names the sensor that takes most of the life where the risk follows from that", () => {
    const judged = {
      score: 80,
      risk_level: "critical" as const,
      evidence: [{ sensor_id: "PUMP-A", points: 20 }],
      rul: 14,
      rul_unit: "cycles" as const,
      rul_as_new: 120,
      rul_by_age: -10,
      rul_evidence: [
        { sensor_id: "PUMP-C", rul: -70 },
        { sensor_id: "PUMP-B", rul: -23 },
        { sensor_id: "PUMP-A", rul: -3 },
      ],
    };
    const row = fleetRow(asset("PUMP", judged), [], NOW);
    expect(row.why).toEqual({ kind: "life", sensor_id: "PUMP-C", taken: 70, unit: "cycles" });
    expect(row.together).toEqual(["PUMP-B"]);
    expect(row.sensors).toEqual(["PUMP-C", "PUMP-B", "PUMP-A"]);
    const low = fleetRow(asset("PUMP", { ...judged, risk_level: "low" }), [], NOW);
    expect(low.why).toMatchObject({ kind: "evidence", sensor_id: "PUMP-A" });
  });
  it("names a sensor rather than an alert of the asset as a whole, where one of that severity or the judgement names one", () => {
    const whole = alert("PUMP", {
      severity: "critical",
      rule_id: "low-health",
      title: "Health 20 below limit 25",
    });
    const judged = {
      score: 20,
      risk_level: "critical" as const,
      evidence: [{ sensor_id: "PUMP-C", points: 80 }],
    };
    expect(fleetRow(asset("PUMP", judged), [whole], NOW).why).toMatchObject({
      kind: "evidence",
      sensor_id: "PUMP-C",
    });
    const own = alert("PUMP", { severity: "critical", sensor_id: "PUMP-B", raised_at: time(NOW - 90_000) });
    expect(fleetRow(asset("PUMP", judged), [whole, own], NOW).why).toMatchObject({ sensor_id: "PUMP-B" });
    const lesser = { ...own, severity: "warning" as const };
    expect(fleetRow(asset("PUMP", judged), [whole, lesser], NOW).why).toMatchObject({ sensor_id: "PUMP-C" });
    expect(fleetRow(asset("PUMP", undefined), [whole], NOW).why).toMatchObject({
      kind: "alert",
      title: "Health 20 below limit 25",
    });
  });
  it("says since when nothing came and what health was", () => {
    const row = fleetRow(asset("PUMP", { score: 84 }, STALE_AFTER_MS * 2), [], NOW);
    expect(row.why).toEqual({ kind: "silent", since: NOW - STALE_AFTER_MS * 2, was: 84 });
    // The same where the server has withheld it meanwhile.
    const withheld = {
      score: null,
      risk_level: null,
      reason: "no data",
      stale: true as const,
      last_score: 84,
    };
    expect(fleetRow(asset("PUMP", withheld, STALE_AFTER_MS * 2), [], NOW).why).toEqual(row.why);
    expect(row.risk).toBe("unknown");
  });
  it("gives the reason for which a score is withheld", () => {
    const row = fleetRow(
      asset("PUMP", { score: null, risk_level: null, reason: "18 of 30 cycles" }),
      [],
      NOW,
    );
    expect(row.why).toEqual({ kind: "reason", text: "18 of 30 cycles" });
  });
});

it("shortens a sensor's name only by what its asset's name says already", () => {
  expect(sensorName("ENGINE-069", "ENGINE-069-T50")).toBe("T50");
  expect(sensorName("ENGINE-069", "T50")).toBe("T50");
  expect(sensorName("PUMP", "PUMP")).toBe("PUMP");
});
