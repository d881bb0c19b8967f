import { expect, it } from "vitest";
import { reachOf } from "./life-interval.ts";
import type { Interval } from "./life-parameters.ts";

const narrow: Interval = { born: 0.8, at: [0, 100], low: [0, -10], high: [4, 20] };
const wide: Interval = { born: 0.2, at: [0, 50, 100], low: [0, -30, -20], high: [10, 40, 40] };

it("[R-8.43] reaches linearly between the predictions that an interval was made for, and no farther beyond them", () => {
  expect(reachOf([narrow], 0, 50)).toEqual({ low: -5, high: 12 });
  expect(reachOf([narrow], 1, 300)).toEqual({ low: -10, high: 20 });
  expect(reachOf([wide], 1, 75)).toEqual({ low: -25, high: 40 });
});

it("[R-8.43] reaches the wider, the less an asset looks as seen from its beginning", () => {
  expect(reachOf([wide, narrow], 0.1, 50)).toEqual({ low: -30, high: 40 });
  const half_way = reachOf([wide, narrow], 0.5, 50);
  expect(half_way.low).toBeCloseTo(-17.5, 9);
  expect(half_way.high).toBeCloseTo(26, 9);
  expect(reachOf([wide, narrow], 0.9, 50)).toEqual({ low: -5, high: 12 });
});

it("[R-8.43] is one pair of numbers where only one prediction is known", () => {
  expect(reachOf([{ born: 0, at: [0], low: [-7], high: [9] }], 0.5, 33)).toEqual({ low: -7, high: 9 });
});
