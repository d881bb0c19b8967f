import { describe, expect, it } from "vitest";
import type { Rule } from "../../../lib/domain/rule.ts";
import { limitsOf, passedLimit } from "./limits.ts";

const sensor = {
  asset_id: "PUMP-001",
  asset_type: "pump",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  unit: "celsius",
};
const rule = (id: string, part: Partial<Rule>): Rule => ({
  id,
  title: id,
  enabled: true,
  sensor_type: "temperature",
  severity: "warning",
  condition: { kind: "above", limit: 80 },
  unit: "celsius",
  hysteresis: 0,
  delay_s: 0,
  ...part,
});

describe("the limits of a sensor's chart", () => {
  it("takes of each severity and side the rule that names the sensor most closely", () => {
    const limits = limitsOf(sensor, [
      rule("any", {}),
      rule("pumps", { asset_type: "pump", condition: { kind: "above", limit: 85 } }),
      rule("motors", { asset_type: "motor", condition: { kind: "above", limit: 10 } }),
      rule("this", {
        sensor_type: undefined,
        sensor_id: "PUMP-001-TEMP",
        condition: { kind: "above", limit: 90 },
      }),
    ]);
    expect(limits).toEqual([{ side: "above", value: 90, severity: "warning" }]);
  });
  it("draws both sides of a band, and nothing of rules that are off or have no line", () => {
    const limits = limitsOf(sensor, [
      rule("band", { condition: { kind: "outside", low: 10, high: 90 } }),
      rule("off", { enabled: false, severity: "critical" }),
      rule("missing", { severity: "critical", condition: { kind: "missing_data", after_s: 60 } }),
    ]);
    expect(limits.map(({ side, value }) => [side, value])).toEqual([
      ["above", 90],
      ["below", 10],
    ]);
  });
  it("draws a limit in another unit only where it can be converted", () => {
    const fahrenheit = rule("f", { unit: "fahrenheit", condition: { kind: "above", limit: 176 } });
    const bars = rule("b", { unit: "bar", severity: "critical" });
    expect(limitsOf(sensor, [fahrenheit, bars])).toEqual([{ side: "above", value: 80, severity: "warning" }]);
  });
  it("names the worst limit that is passed", () => {
    const limits = [
      { side: "above", value: 90, severity: "critical" },
      { side: "above", value: 80, severity: "warning" },
      { side: "below", value: 10, severity: "warning" },
    ] as const;
    expect(passedLimit(95, limits)?.severity).toBe("critical");
    expect(passedLimit(85, limits)?.severity).toBe("warning");
    expect(passedLimit(5, limits)?.side).toBe("below");
    expect(passedLimit(50, limits)).toBeUndefined();
  });
});
