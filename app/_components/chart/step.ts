import { firstFrom, type LaneSeries } from "./series.ts";

/** Where the crosshair goes from a reading: `by` readings further, from the newest where it was not there. */
export function stepIn(series: LaneSeries, from: number | undefined, by: number): number | undefined {
  const { points } = series;
  if (points.length === 0) return undefined;
  const at = from === undefined ? points.length : firstFrom(points, from);
  return points[Math.min(points.length - 1, Math.max(0, at + by))]?.x;
}
