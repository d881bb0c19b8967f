import { expect, it } from "vitest";
import { ruleKey } from "./default-keys.ts";
import { DEFAULT_RULES, rulesToGive } from "./default-rules.ts";

const KEYS = DEFAULT_RULES.map(({ id }) => ruleKey(id));

it("[R-7.26] a tenant is given the default rules that it never had", () => {
  expect(rulesToGive(KEYS)).toEqual([]);
  expect(rulesToGive([])).toEqual(DEFAULT_RULES);
  expect(rulesToGive(KEYS.slice(2)).map(({ id }) => ruleKey(id))).toEqual(KEYS.slice(0, 2));
});

it("[R-7.26] one from before it was remembered lacks only what came later", () => {
  expect(rulesToGive(undefined).map(({ id }) => id)).toEqual(["remaining-life-low-warning"]);
});
