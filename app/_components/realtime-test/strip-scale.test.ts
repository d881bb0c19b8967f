import { describe, expect, it } from "vitest";
import type { Second } from "../../_realtime/index.ts";
import { decades, heightOf, pathOf } from "./strip-scale.ts";

const second = (at: number, readings: number, p50_ms: number | null = null): Second => ({
  second: at,
  readings,
  p50_ms,
  p99_ms: null,
});

describe("the strips of the test page", () => {
  it("span whole decades with steps between", () => {
    expect(decades([356, 2_840])).toEqual({
      low: 100,
      high: 10_000,
      steps: [100, 300, 1_000, 3_000, 10_000],
    });
    expect(decades([])).toEqual({ low: 1, high: 10, steps: [1, 3, 10] });
  });

  it("have a place for nothing", () => {
    expect(heightOf(0, 1, 10)).toBe(0);
    expect(heightOf(10, 1, 10)).toBe(1);
    expect(heightOf(100, 1, 100)).toBe(1);
  });

  it("break the line where nothing was measured", () => {
    const range = { from: 0, to: 10, low: 1, high: 100 };
    const seconds = [second(0, 10, 1), second(1, 10, null), second(2, 10, 100)];
    expect(pathOf(seconds, ({ p50_ms }) => p50_ms, range)).toBe("M0.00 100.00M20.00 0.00");
    expect(pathOf(seconds, ({ readings }) => readings, range)).toBe("M0.00 50.00L10.00 50.00L20.00 50.00");
  });
});
