"use client";
import { useCallback, useRef } from "react";
import { firstFrom, type LaneSeries } from "./series.ts";
import type { LaneSource } from "./use-lane-series.ts";

/** Where the crosshair goes from a time, `by` readings further. */
export type Step = (from: number | undefined, by: number) => number | undefined;

/** Where the crosshair goes from a reading: `by` readings further, from the newest where it was not there. */
export function stepIn(series: LaneSeries, from: number | undefined, by: number): number | undefined {
  const { points } = series;
  if (points.length === 0) return undefined;
  const at = from === undefined ? points.length : firstFrom(points, from);
  return points[Math.min(points.length - 1, Math.max(0, at + by))]?.x;
}

/** Steps in what the source holds by now, also what came after it was last drawn. */
export function useStep({ series, pull }: Pick<LaneSource, "series" | "pull">): Step {
  const held = useRef({ series, pull });
  held.current = { series, pull };
  return useCallback((from, by) => {
    held.current.pull();
    return stepIn(held.current.series, from, by);
  }, []);
}
