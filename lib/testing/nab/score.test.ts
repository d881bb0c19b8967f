import { describe, expect, it } from "vitest";
import { type NabSeries, nabScore, probationRows, scaledSigmoid } from "./score.ts";

function makeSeries(alarms: number[], windows: [number, number][]): NabSeries {
  const timestamps = Array.from({ length: 1_000 }, (_, at) => at);
  return { name: "s", timestamps, windows, scores: timestamps.map((at) => (alarms.includes(at) ? 1 : 0)) };
}

describe("the score of the Numenta Anomaly Benchmark", () => {
  it("weighs a place in the window as published: 0.98661 at the left edge, 0.84828 in the middle, 0 at the right", () => {
    expect(scaledSigmoid(-1)).toBeCloseTo(0.98661, 5);
    expect(scaledSigmoid(-0.5)).toBeCloseTo(0.84828, 5);
    expect(scaledSigmoid(0)).toBe(0);
    expect(scaledSigmoid(1)).toBeCloseTo(-0.98661, 5);
    expect(scaledSigmoid(4)).toBe(-1);
  });

  it("is near 100 for each window at its first row, and 0 where nothing is detected", () => {
    const windows: [number, number][] = [
      [400, 500],
      [700, 800],
    ];
    expect(nabScore([makeSeries([400, 700], windows)])).toMatchObject({ detected: 2, false_positives: 0 });
    expect(nabScore([makeSeries([400, 700], windows)]).score).toBeCloseTo(99.33, 1);
    expect(nabScore([makeSeries([], windows)]).score).toBe(0);
  });

  it("counts a window once, by its earliest detection, and takes off 0.11 for what lies outside", () => {
    const once = nabScore([makeSeries([450], [[400, 500]])]).score;
    expect(nabScore([makeSeries([450, 451, 499], [[400, 500]])]).score).toBe(once);
    expect(nabScore([makeSeries([300, 450], [[400, 500]])]).score).toBeCloseTo(once - 5.5, 6);
  });

  it("does not look at the rows for learning", () => {
    expect(probationRows(1_000)).toBe(150);
    expect(probationRows(20_000)).toBe(750);
    expect(nabScore([makeSeries([10, 149, 400], [[400, 500]])]).false_positives).toBe(0);
  });
});
