import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "./default-rules.ts";
import { type Rule, ruleSchema } from "./rule.ts";
import { rulesFor } from "./rule-selection.ts";

const SENSOR = {
  asset_id: "ENGINE-001",
  asset_type: "engine",
  sensor_id: "ENGINE-001-T50",
  sensor_type: "temperature",
  unit: "rankine",
};

function rule(id: string, more: Partial<Rule>): Rule {
  return ruleSchema.parse({
    id,
    title: id,
    severity: "warning",
    condition: { kind: "above", limit: 1 },
    ...(more.sensor_id === undefined && more.sensor_suffix === undefined && { sensor_type: "temperature" }),
    ...more,
  });
}

const chosen = (rules: Rule[]) => rulesFor(SENSOR, rules).map((applied) => applied.rule.id);

describe("rules of a sensor", () => {
  it("[R-7.17] a rule applies where everything it names matches, and only while it is enabled", () => {
    expect(
      chosen([
        rule("type", {}),
        rule("other-type", { sensor_type: "pressure" }),
        rule("other-asset", { asset_id: "ENGINE-002" }),
        rule("other-asset-type", { asset_type: "pump" }),
        rule("other-suffix", { sensor_suffix: "T5" }),
        rule("off", { enabled: false }),
      ]),
    ).toEqual(["type"]);
  });

  it("[R-7.17] of one severity the most specific applies: sensor, asset, suffix, asset type, sensor type", () => {
    const ladder = [
      rule("e-sensor-type", {}),
      rule("d-asset-type", { asset_type: "engine" }),
      rule("c-suffix", { sensor_suffix: "T50" }),
      rule("b-asset", { asset_id: "ENGINE-001" }),
      rule("a-sensor", { sensor_id: "ENGINE-001-T50" }),
    ];
    for (let rung = 1; rung <= ladder.length; rung++)
      expect(chosen(ladder.slice(0, rung))).toEqual([ladder[rung - 1]!.id]);
  });

  it("[R-7.17] rules of other severities and of other kinds of condition stay in force beside it", () => {
    expect(
      chosen([
        rule("1-specific", { sensor_suffix: "T50" }),
        rule("2-critical", { severity: "critical" }),
        rule("3-rate", { condition: { kind: "rate_of_change", limit_per_s: 1 } }),
        rule("4-below", { condition: { kind: "below", limit: 0 } }),
        rule("5-outside", { condition: { kind: "outside", low: 0, high: 1 } }),
      ]),
    ).toEqual(["1-specific", "2-critical", "3-rate", "4-below"]);
  });

  it("[R-7.17] rules of equal rank all apply", () => {
    expect(chosen([rule("b", {}), rule("a", {})])).toEqual(["a", "b"]);
  });

  it("[R-7.15] a unit of another quantity is told apart from one that is converted", () => {
    const [good, bad] = rulesFor(SENSOR, [rule("a", { unit: "celsius" }), rule("b", { unit: "bar" })]);
    expect(good?.toRule).toBeDefined();
    expect(bad?.toRule).toBeUndefined();
  });

  it("a rule names a sensor, a type or a suffix, and a band that is one", () => {
    const bare = { id: "x", title: "x", severity: "info", condition: { kind: "above", limit: 1 } };
    expect(ruleSchema.safeParse(bare).success).toBe(false);
    expect(ruleSchema.safeParse({ ...bare, sensor_suffix: "T50" }).success).toBe(true);
    const band = { ...bare, sensor_type: "t", condition: { kind: "outside", low: 2, high: 1 } };
    expect(ruleSchema.safeParse(band).success).toBe(false);
  });
});

describe("default rules", () => {
  it("have ids of their own and cover pumps, motors, compressors, engines and what is none of these", () => {
    expect(new Set(DEFAULT_RULES.map(({ id }) => id)).size).toBe(DEFAULT_RULES.length);
    expect(new Set(DEFAULT_RULES.map(({ asset_type }) => asset_type))).toEqual(
      new Set(["pump", "motor", "compressor", "engine", undefined]),
    );
  });

  it("watch an engine's T50 in its unit with a warning and a critical limit", () => {
    expect(rulesFor(SENSOR, DEFAULT_RULES).map((applied) => applied.rule.id)).toEqual([
      "engine-t50-high-critical",
      "engine-t50-high-warning",
    ]);
  });
});
