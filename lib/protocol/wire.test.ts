import { describe, expect, it } from "vitest";
import type { HealthScore } from "../domain/health.ts";
import { toHealthUpdate, toWireHealth } from "./wire.ts";

const SCORE: HealthScore = {
  tenant_id: "north",
  asset_id: "ENGINE-001",
  timestamp: Date.UTC(2024, 0, 1),
  received_at: Date.UTC(2024, 0, 2),
  score: 61.5,
  risk_level: "high",
  evidence: [{ sensor_id: "ENGINE-001-Ps30", points: 38.5 }],
  source_partition: 0,
  source_offset: 240,
};

describe("a health score as it travels", () => {
  it("[R-8.30] carries the remaining life, its interval, unit and model", () => {
    const life = { rul: 42.1, rul_low: 30, rul_high: 55, rul_unit: "cycles", model: "engine@1" } as const;
    expect(toHealthUpdate({ ...SCORE, ...life }).data).toMatchObject(life);
    expect(toWireHealth({ ...SCORE, ...life })).toMatchObject(life);
  });

  it("[R-8.30] has none of these fields without a model, and says why a model withholds them", () => {
    expect(Object.keys(toHealthUpdate(SCORE).data)).toEqual(["asset_id", "score", "risk_level", "evidence"]);
    const withheld = { rul: null, rul_low: null, rul_high: null, reason: "5 of 20 cycles" };
    expect(toHealthUpdate({ ...SCORE, ...withheld }).data).toMatchObject(withheld);
  });

  it("says nothing of where in the log it comes from", () => {
    for (const field of ["source_offset", "source_partition"])
      expect(toHealthUpdate(SCORE).data).not.toHaveProperty(field);
  });
});
