import { describe, expect, it } from "vitest";
import { MessageBudget } from "./message-budget.ts";

describe("[R-9.4] The budget of messages", () => {
  it("takes a minute's worth at once, then as many as time fills in", () => {
    const budget = new MessageBudget(100);
    const taken = (count: number, now: number) =>
      Array.from({ length: count }, () => budget.take(now)).filter(Boolean).length;
    expect(taken(150, 0)).toBe(100);
    expect(taken(10, 600)).toBe(1);
    expect(taken(200, 60_600)).toBe(100);
  });

  it("tells at most once a second", () => {
    const budget = new MessageBudget(1);
    expect([0, 10, 999, 1_000, 1_001].map((now) => budget.tellsNow(now))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it("outlives a clock that is set back", () => {
    const budget = new MessageBudget(2);
    budget.take(10_000);
    expect(budget.take(0)).toBe(true);
    expect(budget.take(0)).toBe(false);
    expect(budget.take(30_000)).toBe(true);
  });
});
