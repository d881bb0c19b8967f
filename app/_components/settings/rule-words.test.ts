import { expect, it } from "vitest";
import type { Rule } from "../../../lib/domain/rule.ts";
import { draftOf, type RuleDraft, ruleOf } from "./rule-draft.ts";
import { conditionInWords, scopeInWords } from "./rule-words.ts";

const rule: Rule = {
  id: "pump-temperature-high-critical",
  title: "Bearing too hot",
  enabled: true,
  sensor_type: "temperature",
  asset_type: "pump",
  severity: "critical",
  condition: { kind: "above", limit: 90 },
  unit: "celsius",
  hysteresis: 2,
  delay_s: 5,
};

it("says in words what a rule watches and when it holds", () => {
  expect(conditionInWords(rule.condition, rule.unit)).toBe("above 90 °C");
  expect(conditionInWords({ kind: "outside", low: -10, high: 1_425 }, undefined)).toBe(
    "outside −10 to 1\u202f425",
  );
  expect(conditionInWords({ kind: "missing_data", after_s: 900 }, "celsius")).toBe("no reading for 15 min");
  expect(scopeInWords(rule)).toBe("temperature sensors of every pump");
  expect(scopeInWords({ ...rule, sensor_suffix: "T50", asset_type: undefined, asset_id: "ENGINE-069" })).toBe(
    "sensors ending in T50 of ENGINE-069",
  );
});

it("says of a score what it is compared with, and of an asset's rule which assets", () => {
  expect(conditionInWords({ kind: "anomaly", limit: 0.5 }, undefined)).toBe("anomaly above 0.5");
  const of_asset: Rule = {
    ...rule,
    sensor_type: undefined,
    unit: undefined,
    condition: { kind: "health", limit: 50 },
  };
  expect(conditionInWords(of_asset.condition, undefined)).toBe("health below 50");
  expect(scopeInWords(of_asset)).toBe("every pump");
  expect(scopeInWords({ ...of_asset, asset_type: undefined })).toBe("every asset");
});

it("brings a rule into the form and back unchanged", () => {
  expect(ruleOf(draftOf(rule))).toEqual({ rule });
  const { unit: _unit, sensor_type: _type, ...plain } = rule;
  const of_asset: Rule = { ...plain, condition: { kind: "health", limit: 50 } };
  expect(ruleOf(draftOf(of_asset))).toEqual({ rule: of_asset });
  const unusual: Rule = { ...plain, sensor_type: "temperature", condition: { kind: "anomaly", limit: 0.5 } };
  expect(ruleOf(draftOf(unusual))).toEqual({ rule: unusual });
});

it("names each field that is wrong instead of sending it", () => {
  const draft: RuleDraft = { ...draftOf(rule), limit: "hot", scope_value: "", title: " " };
  const { errors } = ruleOf(draft);
  expect(Object.keys(errors ?? {}).sort()).toEqual(["limit", "scope_value", "title"]);
});

it("refuses a band that is upside down", () => {
  const { errors } = ruleOf({ ...draftOf(rule), kind: "outside", low: "90", high: "10" });
  expect(errors?.high).toContain("not below");
});
