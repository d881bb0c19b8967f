"use client";
import { useEffect } from "react";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { inWords, sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Chip } from "../ui/chip.tsx";
import { formatNumber, unitSymbol } from "../ui/format.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { CrosshairWords } from "./crosshair-words.tsx";
import type { Mark } from "./draw.ts";
import { Lane, LaneValue } from "./lane.tsx";
import { LaneCanvas } from "./lane-canvas.tsx";
import { LaneError } from "./lane-error.tsx";
import { type Limit, passedLimit } from "./limits.ts";
import type { LaneSeries } from "./series.ts";
import { useStep } from "./step.ts";
import type { TimeAxis } from "./time-axis.ts";
import type { TimeWindow } from "./time-window.ts";
import { useLaneSeries } from "./use-lane-series.ts";

export type LaneSensor = WireAsset["sensors"][number];

/** What is drawn of each sensor, by its id: for those who tell of it in other ways. */
export type SeriesBook = Map<string, LaneSeries>;

/** One sensor over time: name, latest value and its age beside the plot, stored and live readings in one line. */
export function SensorLane({
  asset_id,
  sensor,
  axis,
  window,
  newest,
  refresh,
  limits,
  marks,
  book,
  tall = false,
  namesGaps = false,
  zooms = true,
}: {
  asset_id: string;
  sensor: LaneSensor;
  axis: TimeAxis;
  window: TimeWindow;
  newest: () => number | undefined;
  refresh: number;
  limits: readonly Limit[];
  marks?: readonly Mark[];
  book?: SeriesBook;
  tall?: boolean;
  namesGaps?: boolean;
  zooms?: boolean;
}) {
  const { sensor_id, unit } = sensor;
  const { series, pull, loading, error, reload } = useLaneSeries({
    asset_id,
    sensor_id,
    window,
    newest,
    refresh,
  });
  useEffect(() => {
    book?.set(sensor_id, series);
    return () => {
      book?.delete(sensor_id);
    };
  }, [book, sensor_id, series]);
  const latest = useLatest(asset_id, sensor_id);
  const name = sensorName(asset_id, sensor_id);
  const passed = latest === undefined ? undefined : passedLimit(latest.value, limits);

  return (
    <Lane
      name={name}
      axis={axis}
      step={useStep({ series, pull })}
      tall={tall}
      loading={loading}
      zooms={zooms}
      label={
        <>
          <h3 className="flex min-w-0 items-center gap-1.5 font-semibold">
            {passed && (
              <SeverityGlyph kind={passed.severity} className="size-3" label={`past ${passed.severity}`} />
            )}
            <span className="break-words">{name}</span>
          </h3>
          <p className="ell text-11 text-muted max-phone:hidden">{inWords(sensor.sensor_type)}</p>
          <LaneValue
            className={passed && severityColour(passed.severity)}
            unit={
              <>
                {unitSymbol(unit)}
                {latest && latest.quality !== "good" && <Chip kind="stale">{latest.quality}</Chip>}
              </>
            }
          >
            {formatNumber(latest?.value)}
          </LaneValue>
          <p className="text-11">
            <Age at={latest?.received_at} suffix=" ago" />
          </p>
        </>
      }
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
      <LaneError error={error} onRetry={reload} />
      <CrosshairWords axis={axis} series={series} name={name} unit={unit} />
    </Lane>
  );
}
