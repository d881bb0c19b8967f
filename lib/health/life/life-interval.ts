import type { Interval } from "./life-parameters.ts";

/** How far an interval reaches below and above a prediction, in steps. */
export interface Reach {
  low: number;
  high: number;
}

/**
 * The reach for a prediction, of an asset that looks so far as if it has been seen from its beginning: linear between
 * the intervals' predictions and between the intervals.
 */
export function reachOf(intervals: readonly Interval[], born: number, predicted: number): Reach {
  const { i, share } = placeIn(
    intervals.map((interval) => interval.born),
    born,
  );
  const from = reachIn(intervals[i]!, predicted);
  if (share === 0) return from;
  const to = reachIn(intervals[i + 1]!, predicted);
  return { low: between(from.low, to.low, share), high: between(from.high, to.high, share) };
}

function reachIn({ at, low, high }: Interval, predicted: number): Reach {
  const { i, share } = placeIn(at, predicted);
  const value = (values: number[]) => between(values[i]!, values[i + 1] ?? values[i]!, share);
  return { low: value(low), high: value(high) };
}

/** Between which of the rising places a value lies, and which share of the way to the next. */
function placeIn(places: readonly number[], value: number): { i: number; share: number } {
  let i = 0;
  while (i < places.length - 2 && places[i + 1]! < value) i++;
  const next = places[i + 1];
  if (next === undefined) return { i, share: 0 };
  return { i, share: Math.max(0, Math.min(1, (value - places[i]!) / (next - places[i]!))) };
}

const between = (from: number, to: number, share: number) => from + share * (to - from);
