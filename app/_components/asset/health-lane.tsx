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
import { Age } from "../ui/age.tsx";
import { riskWord } from "../ui/risk.tsx";
import { useHealthSeries } from "./use-health-series.ts";

/** Bands of the score as lines; what lies below them takes their colour. */
const SCALE = { min: 0, max: 100, step: 25, ticks: [0, 25, 50, 70, 100] };

/** Health over time, 0 to 100, on the axis that the sensors share. */
export function HealthLane({
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
  const { series, pull, loading, error } = useHealthSeries(asset_id, "score", span_ms, newest, refresh);
  const health = useHealth(asset_id);
  const held = useRef<LaneSeries>(series);
  held.current = series;
  const step = useCallback((from: number | undefined, by: number) => stepIn(held.current, from, by), []);
  const crosshair = useCrosshair(axis, step);
  const score = health?.score ?? null;
  return (
    <div className="lane lane-tall">
      <div className="lane-label">
        <h3 className="font-semibold">Health</h3>
        <p className="text-11 text-muted max-phone:hidden">0 to 100</p>
        <p className="mt-auto max-phone:mt-0 max-phone:ml-auto">
          <span className="text-16 font-semibold">{score === null ? "–" : Math.round(score)}</span>{" "}
          <span className="text-11 text-muted">of 100</span>
        </p>
        <p className="text-11">
          <Age at={health ? Date.parse(health.received_at) : undefined} suffix=" ago" />
        </p>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of a drawing and its words, not of form fields */}
      <div
        role="group"
        aria-label="Health over time; arrow keys move the crosshair"
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
          fixed={SCALE}
          bands
          namesGaps
          label={`Health of ${asset_id}: ${score === null ? "not judged" : `${Math.round(score)} of 100`}${
            health?.risk_level ? `, risk ${riskWord(health.risk_level).toLowerCase()}` : ""
          }`}
        />
        {error !== undefined && (
          <p className="absolute top-2 left-12 text-12 text-critical">
            The history of health did not answer.
          </p>
        )}
        <CrosshairWords axis={axis} series={series} name="Health" unit="" />
      </div>
    </div>
  );
}
