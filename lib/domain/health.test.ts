import { describe, expect, it } from "vitest";
import { riskLevelOf, riskLevelOfLife } from "./health.ts";

describe("the risk level", () => {
  it("is cut at a health of 25, 50 and 70", () => {
    expect([0, 24.9, 25, 49.9, 50, 69.9, 70, 100].map(riskLevelOf)).toEqual([
      "critical",
      "critical",
      "high",
      "high",
      "medium",
      "medium",
      "low",
      "low",
    ]);
  });

  it("is cut at 20, 50 and 100 cycles of remaining life", () => {
    expect([0, 20, 20.1, 50, 50.1, 100, 100.1, 125].map(riskLevelOfLife)).toEqual([
      "critical",
      "critical",
      "high",
      "high",
      "medium",
      "medium",
      "low",
      "low",
    ]);
  });
});
