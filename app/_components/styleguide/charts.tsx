"use client";
import { type ReactNode, useMemo } from "react";
import { SparkPath } from "../asset/spark-path.tsx";
import { AxisRow } from "../chart/axis-row.tsx";
import type { Mark } from "../chart/draw.ts";
import { Lane, LaneValue } from "../chart/lane.tsx";
import { LaneCanvas } from "../chart/lane-canvas.tsx";
import { LaneError } from "../chart/lane-error.tsx";
import type { Limit } from "../chart/limits.ts";
import { OverlayCanvas } from "../chart/overlay-canvas.tsx";
import { LaneSeries } from "../chart/series.ts";
import { useStep } from "../chart/step.ts";
import { TimeAxis } from "../chart/time-axis.ts";
import { fullSeries, NOW, nearSeries } from "./samples.ts";
import { Row, Sheet } from "./sheet.tsx";

const LIMITS: readonly Limit[] = [
  { side: "below", value: 551, severity: "warning" },
  { side: "below", value: 550, severity: "critical" },
];
const MARKS: readonly Mark[] = [
  { at: NOW - 500_000, severity: "warning" },
  { at: NOW - 200_000, severity: "critical" },
];
const NONE: readonly never[] = [];
const pull = () => undefined;

/** A lane of sample readings. */
function Sample({
  name,
  series,
  axis,
  full = false,
  loading = false,
  children,
}: {
  name: string;
  series: LaneSeries;
  axis: TimeAxis;
  full?: boolean;
  loading?: boolean;
  children?: ReactNode;
}) {
  return (
    <Lane
      name={name}
      axis={axis}
      step={useStep({ series, pull })}
      loading={loading}
      tall={full}
      label={
        <>
          <h3 className="font-semibold">{name}</h3>
          <LaneValue unit="psia">{series.points.length === 0 ? "–" : "549.9"}</LaneValue>
        </>
      }
    >
      <LaneCanvas
        series={series}
        axis={axis}
        limits={full ? LIMITS : NONE}
        marks={full ? MARKS : NONE}
        namesGaps
        label={`${name}, sample`}
      />
      {children}
    </Lane>
  );
}

export function ChartSheet() {
  const parts = useMemo(() => {
    const full = fullSeries();
    const near = nearSeries();
    const all = new TimeAxis({ kind: "last", span_ms: undefined });
    const some = new TimeAxis({ kind: "last", span_ms: 400_000 });
    all.point(NOW - 1_000_000);
    all.select({ from: NOW - 900_000, to: NOW - 700_000 });
    const empty = new TimeAxis({ kind: "between", from: NOW - 9_000_000, to: NOW - 8_000_000 });
    return { full, near, all, some, empty, nothing: new LaneSeries() };
  }, []);
  return (
    <>
      <Sheet
        title="Chart"
        note="envelope, gap, quality, limits, marks, crosshair, a part being chosen; single readings when near"
        wide
      >
        <div>
          <Sample name="Everything" series={parts.full} axis={parts.all} full />
          <Lane
            name="Overlay"
            axis={parts.all}
            step={useStep({ series: parts.full, pull })}
            tall
            label={<h3 className="font-semibold">Overlay</h3>}
          >
            <OverlayCanvas
              lines={() => [
                { name: "P30", unit: "psia", series: parts.full, pull },
                { name: "T50", unit: "rankine", series: parts.near, pull },
              ]}
              axis={parts.all}
              marks={NONE}
              label="Overlay of two samples"
            />
          </Lane>
          <AxisRow axis={parts.all} />
          <Sample name="Near" series={parts.near} axis={parts.some} />
          <AxisRow axis={parts.some} />
        </div>
      </Sheet>
      <Sheet title="Chart states" note="loading, nothing there, history that did not come" wide>
        <div>
          <Sample name="Loading" series={parts.near} axis={parts.some} loading />
          <Sample name="Empty" series={parts.nothing} axis={parts.empty} />
          <Sample name="Failed" series={parts.near} axis={parts.some}>
            <LaneError error={new Error("The server did not answer in 10 s.")} onRetry={pull} />
          </Sample>
        </div>
        <Row>
          Sparks
          <SparkPath points={parts.full.points} min={548} max={553} />
          <SparkPath points={parts.near.points} min={550} max={553} severity="warning" />
          <SparkPath points={parts.near.points.slice(0, 3)} min={550} max={553} />
        </Row>
      </Sheet>
    </>
  );
}
