import { describe, expect, it } from "vitest";
import type { AlertCommand } from "./alert-lifecycle.ts";
import { type JudgedAsset, judgeAsset } from "./asset-rule-judgement.ts";
import type { LifeUnit } from "./health.ts";
import { ruleSchema } from "./rule.ts";
import type { RuleState } from "./rule-judgement.ts";

const rule = (unit: string) =>
  ruleSchema.parse({
    id: "short",
    title: "Remaining life is short",
    severity: "warning",
    condition: { kind: "remaining_life", limit: 30 },
    unit,
    hysteresis: 15,
  });

/** Commands that lives, one after another, lead to. */
function judgeLives(unit: string, lives: readonly number[], rul_unit: LifeUnit, rul_step: number) {
  const commands: AlertCommand[] = [];
  let state: RuleState | undefined;
  for (const [at, rul] of lives.entries()) {
    const asset: JudgedAsset = {
      asset_id: "PUMP-001",
      score: 90,
      timestamp: at,
      received_at: at,
      offset: at,
      ...{ rul, rul_unit, rul_step },
    };
    state = judgeAsset(rule(unit), state, asset, (command) => commands.push(command));
  }
  return commands;
}

describe("[R-7.25] a rule of remaining life in time steps", () => {
  it("is in the unit of the model that tells it: here half-hours", () => {
    const commands = judgeLives("steps", [15.5, 15, 14.9, 22.4, 22.5], "hours", 0.5);
    expect(commands.map(({ kind, at }) => [kind, at])).toEqual([
      ["raise", 2],
      ["clear", 4],
    ]);
    expect(commands[0]).toMatchObject({
      title: "Remaining life 14.9 h, warning limit 15 h",
      metric_value: 14.9,
      threshold: 15,
      unit: "hours",
    });
  });

  it("tells a short life in minutes or seconds", () => {
    const [of_minutes] = judgeLives("steps", [0.5, 0.49], "hours", 1 / 60);
    expect(of_minutes).toMatchObject({
      title: "Remaining life 29.4 min, warning limit 30 min",
      ...{ metric_value: 29.4, threshold: 30, unit: "min" },
    });
    const [of_seconds] = judgeLives("steps", [0.01, 0.0083, 0.00805], "hours", 1 / 3_600);
    expect(of_seconds).toMatchObject({
      title: "Remaining life 28.98 s, warning limit 30 s",
      ...{ metric_value: 28.98, threshold: 30, unit: "s" },
    });
  });

  it("counts cycles where life is counted in cycles", () => {
    const commands = judgeLives("steps", [31, 30, 30], "cycles", 1);
    expect(commands).toMatchObject([{ at: 2, threshold: 30, unit: "cycles" }]);
  });

  it("differs from one in cycles, which judges no hours, and one in hours, which judges them as they are", () => {
    expect(judgeLives("cycles", [3, 3, 3], "hours", 0.5)).toEqual([]);
    expect(judgeLives("hours", [30.5, 29, 29], "hours", 0.5)).toMatchObject([{ at: 2, threshold: 30 }]);
  });

  it("needs a unit that is one of these", () => {
    expect(ruleSchema.safeParse({ ...rule("steps"), unit: "days" }).success).toBe(false);
  });
});
