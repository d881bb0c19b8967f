"use client";
import { useCallback, useRef } from "react";
import { CrosshairWords } from "../chart/crosshair-words.tsx";
import type { Mark } from "../chart/draw.ts";
import { LaneCanvas } from "../chart/lane-canvas.tsx";
import type { LaneSeries } from "../chart/series.ts";
import { stepIn } from "../chart/step.ts";
import type { TimeAxis } from "../chart/time-axis.ts";
import { useCrosshair } from "../chart/use-crosshair.ts";
import { useHealth } from "../stream.ts";
import { intervalInWords, lifeFigure, lifeInWords, lifeOf } from "../ui/life.ts";
import { useHealthSeries } from "./use-health-series.ts";

/** Remaining life over time with the band of its interval, on the axis that the sensors share. */
export function LifeLane({
  asset_id,
  axis,
  span_ms,
  newest,
  refresh,
  marks,
}: {
  asset_id: string;
  axis: TimeAxis;
  span_ms: number | undefined;
  newest: () => number | undefined;
  refresh: number;
  marks: readonly Mark[];
}) {
  const { series, pull, loading, error } = useHealthSeries(asset_id, "life", span_ms, newest, refresh);
  const life = lifeOf(useHealth(asset_id));
  const held = useRef<LaneSeries>(series);
  held.current = series;
  const step = useCallback((from: number | undefined, by: number) => stepIn(held.current, from, by), []);
  const crosshair = useCrosshair(axis, step);
  const unit = life?.kind === "known" ? life.unit : "";
  return (
    <div className="lane">
      <div className="lane-label">
        <h3 className="font-semibold">Remaining life</h3>
        <p className="text-11 text-muted max-phone:hidden">{unit === "" ? "" : `${unit}, `}80 % interval</p>
        <p className="mt-auto max-phone:mt-0 max-phone:ml-auto">
          <span className="text-16 font-semibold">{life?.kind === "known" ? lifeFigure(life) : "–"}</span>{" "}
          <span className="text-11 text-muted">
            {life?.kind === "known" ? intervalInWords(life) : "withheld"}
          </span>
        </p>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of a drawing and its words, not of form fields */}
      <div
        role="group"
        aria-label="Remaining life over time; arrow keys move the crosshair"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair follows the arrow keys
        tabIndex={0}
        className="lane-plot focus-visible:outline-offset-[-2px]"
        data-loading={loading}
        {...crosshair}
      >
        <LaneCanvas
          series={series}
          axis={axis}
          pull={pull}
          marks={marks}
          label={`Remaining life of ${asset_id}: ${life?.kind === "known" ? lifeInWords(life) : "withheld"}`}
        />
        {error !== undefined && (
          <p className="absolute top-2 left-12 text-12 text-critical">
            The history of remaining life did not answer.
          </p>
        )}
        <CrosshairWords axis={axis} series={series} name="Remaining life" unit={unit} />
      </div>
    </div>
  );
}
