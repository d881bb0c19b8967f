"use client";
import { memo, useMemo } from "react";
import type { Limit } from "../chart/limits.ts";
import { passedLimit } from "../chart/limits.ts";
import type { LaneSensor, SeriesBook } from "../chart/sensor-lane.tsx";
import { type LanePoint, pixelColumns, visible } from "../chart/series.ts";
import type { TimeAxis } from "../chart/time-axis.ts";
import { inWords, sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Chip } from "../ui/chip.tsx";
import { cn } from "../ui/cn.ts";
import { formatNumber, unitSymbol } from "../ui/format.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import { useNow } from "../ui/use-now.ts";
import { SparkPath } from "./spark-path.tsx";

/** Columns of a spark. */
const SPARK = 40;

/** All sensors with their latest value, and their extremes in the shown range: what the charts show, as a table. */
export function SensorTable({
  asset_id,
  sensors,
  limits,
  book,
  axis,
}: {
  asset_id: string;
  sensors: readonly LaneSensor[];
  limits: ReadonlyMap<string, readonly Limit[]>;
  book: SeriesBook;
  axis: TimeAxis;
}) {
  return (
    <Table label="Sensors" className="text-12">
      <thead>
        <tr>
          <Th>Sensor</Th>
          <Th className="text-right">Latest, age</Th>
          <Th className="text-right">Min</Th>
          <Th className="text-right">Max</Th>
          <Th>Trend</Th>
        </tr>
      </thead>
      <tbody>
        {sensors.map((sensor) => (
          <SensorRow
            key={sensor.sensor_id}
            asset_id={asset_id}
            sensor={sensor}
            limits={limits.get(sensor.sensor_id) ?? []}
            book={book}
            axis={axis}
          />
        ))}
      </tbody>
    </Table>
  );
}

interface Seen {
  min: number;
  max: number;
  points: readonly LanePoint[];
}

/** What the lane shows of a sensor, looked at once a second. */
function useSeen(book: SeriesBook, axis: TimeAxis, sensor_id: string): Seen | undefined {
  const now = useNow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again each second
  return useMemo(() => {
    const series = book.get(sensor_id);
    const range = axis.range(SPARK);
    if (!series || !range) return undefined;
    const points = pixelColumns(
      visible(series.points, range.from, range.to),
      (range.to - range.from) / SPARK,
    ).filter(({ x, until }) => until >= range.from && x <= range.to);
    if (points.length === 0) return undefined;
    return {
      min: Math.min(...points.map(({ min }) => min)),
      max: Math.max(...points.map(({ max }) => max)),
      points,
    };
  }, [book, axis, sensor_id, now]);
}

const ROW = "h-9 py-1";
const CELL = `${ROW} text-right whitespace-nowrap`;

const SensorRow = memo(function SensorRow({
  asset_id,
  sensor,
  limits,
  book,
  axis,
}: {
  asset_id: string;
  sensor: LaneSensor;
  limits: readonly Limit[];
  book: SeriesBook;
  axis: TimeAxis;
}) {
  const latest = useLatest(asset_id, sensor.sensor_id);
  const seen = useSeen(book, axis, sensor.sensor_id);
  const passed = latest === undefined ? undefined : passedLimit(latest.value, limits);
  return (
    <tr>
      <Td className={ROW}>
        <span className="flex flex-wrap items-center gap-x-1.5">
          {passed && (
            <SeverityGlyph
              kind={passed.severity}
              className="size-3"
              label={`past its ${passed.severity} limit`}
            />
          )}
          <span className="[overflow-wrap:anywhere]">{sensorName(asset_id, sensor.sensor_id)}</span>
          {latest && latest.quality !== "good" && <Chip kind="stale">{latest.quality}</Chip>}
        </span>
        <span className="block text-11 text-muted">{inWords(sensor.sensor_type)}</span>
      </Td>
      <Td className={CELL}>
        <span className={cn(passed && severityColour(passed.severity))}>{formatNumber(latest?.value)}</span>{" "}
        <span className="text-11 text-muted">{unitSymbol(sensor.unit)}</span>
        <Age at={latest?.received_at} className="block text-11" />
      </Td>
      <Td className={cn(CELL, "text-muted")}>{formatNumber(seen?.min)}</Td>
      <Td className={cn(CELL, "text-muted")}>{formatNumber(seen?.max)}</Td>
      <Td className={cn(ROW, "w-10 pr-3!")}>
        {seen && <SparkPath points={seen.points} min={seen.min} max={seen.max} severity={passed?.severity} />}
      </Td>
    </tr>
  );
});
