import type { LanePoint } from "./series.ts";

export interface Gap {
  from: number;
  to: number;
}

/** A line is broken where the distance is over so many expected intervals. */
const BREAK_AFTER = 3;

/** The usual distance between points: the median of at most the last 200, 0 where there are too few. */
export function expectedInterval(points: readonly LanePoint[]): number {
  const from = Math.max(1, points.length - 200);
  const distances: number[] = [];
  for (let i = from; i < points.length; i++) distances.push(points[i]!.x - points[i - 1]!.x);
  if (distances.length < 3) return 0;
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1]!;
}

/** Where nothing was measured for longer than three expected intervals. */
export function findGaps(points: readonly LanePoint[], interval = expectedInterval(points)): Gap[] {
  if (interval <= 0) return [];
  const gaps: Gap[] = [];
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1]!.until;
    const to = points[i]!.x;
    if (to - from > BREAK_AFTER * interval) gaps.push({ from, to });
  }
  return gaps;
}
