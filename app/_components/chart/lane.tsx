"use client";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cn } from "../ui/cn.ts";
import type { Step } from "./step.ts";
import type { TimeAxis } from "./time-axis.ts";
import { usePlotPointer } from "./use-plot-pointer.ts";

/** One row of a chart: what it is beside it, its plot with the pointer and the crosshair that all rows share. */
export function Lane({
  name,
  label,
  axis,
  step,
  tall = false,
  loading = false,
  gutter = true,
  zooms = true,
  children,
}: {
  /** As in "TEMP over time". */
  name: string;
  /** Beside the plot; above it on a phone. */
  label: ReactNode;
  axis: TimeAxis;
  step: Step;
  tall?: boolean;
  loading?: boolean;
  gutter?: boolean;
  /** Whether its range can be zoomed and moved. */
  zooms?: boolean;
  /** What is drawn, and what lies above it. */
  children: ReactNode;
}) {
  const plot = useRef<HTMLDivElement>(null);
  /** Led by keyboard, the crosshair stays when the pointer leaves. */
  const keep = useRef(false);
  const pointer = usePlotPointer(plot, axis, { gutter, zooms, keep });
  const release = () => {
    keep.current = false;
    axis.point(undefined);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      keep.current = true;
      axis.point(step(axis.crosshair, by * (event.shiftKey ? 10 : 1)));
    } else if (event.key === "Escape" && axis.crosshair !== undefined) release();
  };
  return (
    <div className={cn("lane", tall && "lane-tall")}>
      <div className="lane-label">{label}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of a drawing and its words, not of form fields */}
      <div
        ref={plot}
        role="group"
        aria-label={`${name} over time; arrow keys move the crosshair`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair follows the arrow keys
        tabIndex={0}
        className={cn("lane-plot focus-visible:outline-offset-[-2px]", zooms && "lane-zooms")}
        data-loading={loading}
        {...pointer}
        onKeyDown={press}
        onBlur={release}
      >
        {children}
      </div>
    </div>
  );
}

/** The newest value of a lane, large, with its unit. */
export function LaneValue({
  children,
  unit,
  className,
}: {
  children: ReactNode;
  unit?: ReactNode;
  className?: string;
}) {
  return (
    <p className="mt-auto flex flex-wrap items-baseline gap-x-1 whitespace-nowrap max-phone:mt-0 max-phone:ml-auto">
      <span className={cn("text-16 font-semibold", className)}>{children}</span>
      {unit !== undefined && <span className="text-11 text-muted">{unit}</span>}
    </p>
  );
}
