"use client";
import { CrosshairWords } from "../chart/crosshair-words.tsx";
import type { Mark } from "../chart/draw.ts";
import { Lane, LaneValue } from "../chart/lane.tsx";
import { LaneCanvas } from "../chart/lane-canvas.tsx";
import { LaneError } from "../chart/lane-error.tsx";
import { useStep } from "../chart/step.ts";
import type { TimeAxis } from "../chart/time-axis.ts";
import type { TimeWindow } from "../chart/time-window.ts";
import { useHealth } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { intervalInWords, lifeFigure, lifeInWords, lifeOf } from "../ui/life.ts";
import { riskWord } from "../ui/risk.tsx";
import { useHealthSeries } from "./use-health-series.ts";

/** Bands of the score as lines; what lies below them takes their colour. */
const SCALE = { min: 0, max: 100, step: 25, ticks: [0, 25, 50, 70, 100] };

interface JudgementLaneProps {
  asset_id: string;
  axis: TimeAxis;
  window: TimeWindow;
  newest: () => number | undefined;
  refresh: number;
  marks: readonly Mark[];
}

/** Health over time, 0 to 100, on the axis that the sensors share. */
export function HealthLane({ asset_id, axis, window, newest, refresh, marks }: JudgementLaneProps) {
  const { series, pull, loading, error, reload } = useHealthSeries(
    asset_id,
    "score",
    window,
    newest,
    refresh,
  );
  const health = useHealth(asset_id);
  const score = health?.score ?? null;
  const risk = health?.risk_level ? `, risk ${riskWord(health.risk_level).toLowerCase()}` : "";
  return (
    <Lane
      name="Health"
      axis={axis}
      step={useStep({ series, pull })}
      tall
      loading={loading}
      label={
        <>
          <h3 className="font-semibold">Health</h3>
          <p className="text-11 text-muted max-phone:hidden">0 to 100</p>
          <LaneValue unit="of 100">{score === null ? "–" : Math.round(score)}</LaneValue>
          <p className="text-11">
            <Age at={health ? Date.parse(health.received_at) : undefined} suffix=" ago" />
          </p>
        </>
      }
    >
      <LaneCanvas
        series={series}
        axis={axis}
        pull={pull}
        marks={marks}
        fixed={SCALE}
        bands
        namesGaps
        label={`Health of ${asset_id}: ${score === null ? "not judged" : `${Math.round(score)} of 100`}${risk}`}
      />
      <LaneError error={error} onRetry={reload} />
      <CrosshairWords axis={axis} series={series} name="Health" unit="" />
    </Lane>
  );
}

/** Remaining life over time with the band of its interval, on the axis that the sensors share. */
export function LifeLane({ asset_id, axis, window, newest, refresh, marks }: JudgementLaneProps) {
  const { series, pull, loading, error, reload } = useHealthSeries(asset_id, "life", window, newest, refresh);
  const life = lifeOf(useHealth(asset_id));
  const known = life?.kind === "known" ? life : undefined;
  return (
    <Lane
      name="Remaining life"
      axis={axis}
      step={useStep({ series, pull })}
      loading={loading}
      label={
        <>
          <h3 className="font-semibold">Remaining life</h3>
          <p className="text-11 text-muted max-phone:hidden">{known && `${known.unit}, `}80 % interval</p>
          <LaneValue unit={known ? intervalInWords(known) : "withheld"}>
            {known ? lifeFigure(known) : "–"}
          </LaneValue>
        </>
      }
    >
      <LaneCanvas
        series={series}
        axis={axis}
        pull={pull}
        marks={marks}
        label={`Remaining life of ${asset_id}: ${known ? lifeInWords(known) : "withheld"}`}
      />
      <LaneError error={error} onRetry={reload} />
      <CrosshairWords axis={axis} series={series} name="Remaining life" unit={known?.unit ?? ""} />
    </Lane>
  );
}
