"use client";
import { useEffect, useState } from "react";
import { formatClock, formatNumber, formatValue } from "../ui/format.ts";
import { type LaneSeries, nearest, qualityOf } from "./series.ts";
import type { TimeAxis } from "./time-axis.ts";

/** Says what stands under the crosshair while the lane is focused; at most once in half a second. */
export function CrosshairWords({
  axis,
  series,
  name,
  unit,
}: {
  axis: TimeAxis;
  series: LaneSeries;
  name: string;
  unit: string;
}) {
  const [words, setWords] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = axis.onChange(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const at = axis.crosshair;
        const point = at === undefined ? undefined : nearest(series.points, at);
        const focused = document.activeElement?.getAttribute("aria-label")?.startsWith(`${name} over time`);
        if (!point || !focused) return setWords("");
        const range = point.n > 1 ? `, ${formatNumber(point.min)} to ${formatNumber(point.max)}` : "";
        const quality = point.q > 0 ? `, ${qualityOf(point)}` : "";
        setWords(`${formatClock(point.x, true)}: ${formatValue(point.y, unit)}${range}${quality}`);
      }, 500);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [axis, series, name, unit]);
  return (
    <span role="status" className="sr-only">
      {words}
    </span>
  );
}
