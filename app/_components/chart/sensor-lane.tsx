"use client";
import { useCallback, useRef } from "react";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { codeOfError, sentenceOf } from "../api/request.ts";
import { inWords, sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/chip.tsx";
import { cn } from "../ui/cn.ts";
import { formatNumber, unitSymbol } from "../ui/format.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { CrosshairWords } from "./crosshair-words.tsx";
import type { Mark } from "./draw.ts";
import { LaneCanvas } from "./lane-canvas.tsx";
import { type Limit, passedLimit } from "./limits.ts";
import { stepIn } from "./step.ts";
import type { TimeAxis } from "./time-axis.ts";
import { useCrosshair } from "./use-crosshair.ts";
import { useLaneSeries } from "./use-lane-series.ts";

export type LaneSensor = WireAsset["sensors"][number];

/** One sensor over time: name, latest value and its age beside the plot, stored and live readings in one line. */
export function SensorLane({
  asset_id,
  sensor,
  axis,
  span_ms,
  newest,
  refresh,
  limits,
  marks,
  tall = false,
  namesGaps = false,
}: {
  asset_id: string;
  sensor: LaneSensor;
  axis: TimeAxis;
  span_ms: number | undefined;
  newest: () => number | undefined;
  refresh: number;
  limits: readonly Limit[];
  marks?: readonly Mark[];
  tall?: boolean;
  namesGaps?: boolean;
}) {
  const { sensor_id, unit } = sensor;
  const { series, pull, loading, error, reload } = useLaneSeries({
    asset_id,
    sensor_id,
    span_ms,
    newest,
    refresh,
  });
  const latest = useLatest(asset_id, sensor_id);
  const name = sensorName(asset_id, sensor_id);
  const passed = latest === undefined ? undefined : passedLimit(latest.value, limits);
  const heldSeries = useRef(series);
  heldSeries.current = series;
  const step = useCallback(
    (from: number | undefined, by: number) => stepIn(heldSeries.current, from, by),
    [],
  );
  const crosshair = useCrosshair(axis, step);

  return (
    <div className={cn("lane", tall && "lane-tall")}>
      <div className="lane-label">
        <h3 className="flex min-w-0 items-center gap-1.5 font-semibold">
          {passed && (
            <SeverityGlyph kind={passed.severity} className="size-3" label={`past ${passed.severity}`} />
          )}
          <span className="break-words">{name}</span>
        </h3>
        <p className="ell text-11 text-muted max-phone:hidden">{inWords(sensor.sensor_type)}</p>
        <p className="mt-auto flex flex-wrap items-baseline gap-x-1 whitespace-nowrap max-phone:mt-0 max-phone:ml-auto">
          <span className={cn("text-16 font-semibold", passed && severityColour(passed.severity))}>
            {formatNumber(latest?.value)}
          </span>
          <span className="text-11 text-muted">{unitSymbol(unit)}</span>
          {latest && latest.quality !== "good" && <Chip kind="stale">{latest.quality}</Chip>}
        </p>
        <p className="text-11">
          <Age at={latest?.received_at} suffix=" ago" />
        </p>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of a drawing and its words, not of form fields */}
      <div
        role="group"
        aria-label={`${name} over time; arrow keys move the crosshair`}
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
          limits={limits}
          {...(marks && { marks })}
          namesGaps={namesGaps}
          label={`${name}: ${formatNumber(latest?.value)} ${unitSymbol(unit)}${
            passed ? `, past its ${passed.severity} limit of ${formatNumber(passed.value)}` : ""
          }`}
        />
        {error !== undefined && (
          <div className="absolute inset-x-12 top-2 flex flex-wrap items-center gap-2 rounded-2 border border-line-strong bg-overlay px-2 py-1 text-12">
            <SeverityGlyph kind="critical" />
            History: {sentenceOf(error)}
            <Button size="small" onClick={reload}>
              Try again
            </Button>
            <code className="font-mono text-11 text-faint">{codeOfError(error)}</code>
          </div>
        )}
        <CrosshairWords axis={axis} series={series} name={name} unit={unit} />
      </div>
    </div>
  );
}
