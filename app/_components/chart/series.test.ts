import { describe, expect, it } from "vitest";
import { expectedInterval, findGaps } from "./gaps.ts";
import { niceRange, tickDecimals, timeTicks } from "./scale.ts";
import { type LanePoint, LaneSeries, nearest, pixelColumns, visible } from "./series.ts";

const point = (x: number, y = x): LanePoint => ({ x, y, until: x, min: y, max: y, n: 1, q: 0 });
const columns = (t: number[], v = t, q = t.map(() => 0)) => ({ t, v, q });

describe("a lane joins history and what comes live", () => {
  it("takes only what is newer than its history", () => {
    const series = new LaneSeries();
    series.reset([point(10), point(20)], 0);
    expect(series.append(columns([10, 20, 30, 40]), false)).toBe(true);
    expect(series.points.map(({ x }) => x)).toEqual([10, 20, 30, 40]);
  });
  it("says so where readings may lie between its last one and the oldest of the live ones", () => {
    const series = new LaneSeries();
    series.reset([point(10)], 0);
    expect(series.append(columns([50, 60]), false)).toBe(false);
    expect(series.points.map(({ x }) => x)).toEqual([10, 50, 60]);
  });
  it("gathers live readings into buckets as wide as those of the history, extremes and worst quality kept", () => {
    const series = new LaneSeries();
    series.reset([], 10);
    series.append(columns([0, 4, 9, 12], [1, 5, 3, 7], [0, 2, 1, 0]), true);
    expect(series.points).toEqual([
      { x: 0, y: 3, until: 9, min: 1, max: 5, n: 3, q: 2 },
      { x: 12, y: 7, until: 12, min: 7, max: 7, n: 1, q: 0 },
    ]);
  });
  it("draws what lies in the range and one neighbour on each side", () => {
    const points = [0, 10, 20, 30, 40].map((x) => point(x));
    expect(visible(points, 15, 25).map(({ x }) => x)).toEqual([10, 20, 30]);
    expect(visible(points, -5, 50)).toHaveLength(5);
    expect(visible([], 0, 1)).toEqual([]);
  });
  it("gathers points of one column of pixels, and leaves the others and its input as they are", () => {
    const points = [point(0, 4), point(3, 1), point(7, 7), point(10, 2), point(25, 9)];
    points[1]!.q = 2;
    expect(pixelColumns(points, 10)).toEqual([
      { x: 0, y: 4, until: 7, min: 1, max: 7, n: 3, q: 2 },
      point(10, 2),
      point(25, 9),
    ]);
    expect(points[0]).toEqual(point(0, 4));
  });
  it("finds the point nearest to the crosshair", () => {
    const points = [0, 10, 20].map((x) => point(x));
    expect(nearest(points, 14)?.x).toBe(10);
    expect(nearest(points, 16)?.x).toBe(20);
    expect(nearest(points, 99)?.x).toBe(20);
    expect(nearest([], 1)).toBeUndefined();
  });
});

describe("missing is drawn", () => {
  it("breaks the line where the distance is over three expected intervals", () => {
    const points = [0, 1, 2, 3, 8, 9, 10].map((x) => point(x));
    expect(expectedInterval(points)).toBe(1);
    expect(findGaps(points)).toEqual([{ from: 3, to: 8 }]);
  });
  it("sees no gap where too little is known of the rhythm", () => {
    expect(findGaps([point(0), point(100)])).toEqual([]);
  });
});

describe("axes", () => {
  it("puts round lines through the values and leaves air", () => {
    const { ticks, min, max } = niceRange(1393, 1431);
    expect(min).toBeLessThan(1393);
    expect(max).toBeGreaterThan(1431);
    expect(ticks).toEqual([1400, 1420]);
    expect(tickDecimals(0.05)).toBe(2);
    expect(tickDecimals(20)).toBe(0);
  });
  it("puts a constant in the middle", () => {
    const { min, max } = niceRange(100, 100);
    expect((min + max) / 2).toBeCloseTo(100);
  });
  it("chooses times that are round in the reader's zone", () => {
    const hour = 3_600_000;
    const { at, step } = timeTicks(0.2 * hour, 5.9 * hour, 6, 0.5 * hour);
    expect(step).toBe(hour);
    expect(at).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5].map((h) => h * hour));
  });
});
