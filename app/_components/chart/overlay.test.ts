import { describe, expect, it } from "vitest";
import { commonGaps, overlayLine, overlayScale } from "./overlay.ts";
import { type LanePoint, LaneSeries } from "./series.ts";

const point = (x: number, y: number): LanePoint => ({ x, y, until: x, min: y, max: y, n: 1, q: 0 });
const line = (unit: string, ...values: number[]) => {
  const points = values.map((y, x) => point(x, y));
  const series = new LaneSeries();
  series.reset(points, 0);
  return overlayLine({ name: unit, unit, series }, points);
};

describe("several series in one plot", () => {
  it("share one scale where their unit is the same", () => {
    const { scale, place } = overlayScale([line("bar", 1, 3), line("bar", 5, 9)]);
    expect(scale.min).toBeLessThan(1);
    expect(scale.max).toBeGreaterThan(9);
    expect(place[1]!(5)).toBe(5);
  });
  it("lie each between its own lowest and highest value where units differ, a constant in the middle", () => {
    const { scale, place } = overlayScale([line("bar", 1, 3), line("rpm", 1_000, 3_000), line("V", 7, 7)]);
    expect(scale.ticks).toEqual([0, 0.5, 1]);
    expect([place[0]!(1), place[0]!(3), place[1]!(2_000), place[2]!(7)]).toEqual([0, 1, 0.5, 0.5]);
  });
  it("are hatched only where none of them has anything", () => {
    expect(
      commonGaps([
        [
          { from: 0, to: 10 },
          { from: 20, to: 30 },
        ],
        [{ from: 5, to: 25 }],
      ]),
    ).toEqual([
      { from: 5, to: 10 },
      { from: 20, to: 25 },
    ]);
    expect(commonGaps([[{ from: 0, to: 10 }], []])).toEqual([]);
    expect(commonGaps([])).toEqual([]);
  });
});
