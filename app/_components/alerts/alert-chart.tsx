"use client";
import { useEffect, useId, useMemo, useState } from "react";
import { convert } from "../../../lib/domain/units.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { fetchReadings } from "../api/readings.ts";
import { request } from "../api/request.ts";
import { findGaps } from "../chart/gaps.ts";
import { niceRange, tickDecimals, timeTicks } from "../chart/scale.ts";
import type { LanePoint } from "../chart/series.ts";
import { useAsset } from "../stream.ts";
import { Failure } from "../ui/failure.tsx";
import { formatClock, formatNumber, formatValue } from "../ui/format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { offsetMs, zoneName } from "../ui/zone.ts";

const AROUND_MS = 45 * 60_000;
const POINTS = 240;
/** Of the drawing, in its own units: it is as wide as the panel. */
const WIDTH = 400;
const HEIGHT = 132;
const LEFT = 44;
const BOTTOM = 18;

/** The sensor for three quarters of an hour before and after the alert, with its limit and the moment it was raised. */
export function AlertChart({ alert }: { alert: WireAlert & { sensor_id: string } }) {
  const { asset_id, sensor_id } = alert;
  const unit = useAsset(asset_id)?.sensors.find((sensor) => sensor.sensor_id === sensor_id)?.unit;
  const at = Date.parse(alert.timestamp);
  const from = at - AROUND_MS;
  const now = useNow();
  // While it goes on, the picture is drawn anew every quarter of a minute.
  const round = now === 0 ? 0 : Math.min(Math.floor(now / 15_000), Math.ceil((at + AROUND_MS) / 15_000));
  const [points, setPoints] = useState<readonly LanePoint[]>();
  const [error, setError] = useState<unknown>();
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew as time goes on, and where the reader asks
  useEffect(() => {
    if (round === 0) return;
    const stop = new AbortController();
    fetchReadings(
      request,
      { asset_id, sensor_id, from, to: at + AROUND_MS, max_points: POINTS },
      stop.signal,
    ).then(
      (found) => {
        setPoints(found);
        setError(undefined);
      },
      (thrown: unknown) => !stop.signal.aborted && setError(thrown),
    );
    return () => stop.abort();
  }, [asset_id, sensor_id, from, at, round, again]);

  const threshold =
    alert.threshold === undefined
      ? undefined
      : alert.unit === undefined || unit === undefined
        ? alert.threshold
        : convert(alert.threshold, alert.unit, unit);
  return (
    <section aria-label="Around the alert" className="border-b border-line px-4 py-3">
      <h3 className="mb-2 flex justify-between text-12 font-semibold">
        90 min around it{" "}
        <span className="font-normal text-faint">
          {points?.some(({ n }) => n > 1) && "mean, min to max, "}
          {now > 0 && zoneName(at)}
        </span>
      </h3>
      {points === undefined && error !== undefined ? (
        <Failure
          title="The readings could not be read."
          error={error}
          onRetry={() => setAgain((one) => one + 1)}
        />
      ) : points === undefined ? (
        <div role="status" aria-label="Loading the readings">
          <Skeleton className="aspect-[400/132] h-auto w-full" />
        </div>
      ) : points.length === 0 ? (
        <p className="grid aspect-[400/132] place-content-center text-12 text-muted">
          No readings are stored for this time.
        </p>
      ) : (
        <Drawing
          points={points}
          from={from}
          at={at}
          severity={alert.severity}
          threshold={threshold}
          unit={unit}
        />
      )}
    </section>
  );
}

const COLOURS = { critical: "var(--critical)", warning: "var(--warning-line)", info: "var(--info)" };

function Drawing({
  points,
  from,
  at,
  severity,
  threshold,
  unit,
}: {
  points: readonly LanePoint[];
  from: number;
  at: number;
  severity: WireAlert["severity"];
  threshold: number | undefined;
  unit: string | undefined;
}) {
  const hatch = useId();
  const { range, path, band, gaps } = useMemo(() => {
    const gaps = findGaps(points);
    const breaks = new Set(gaps.map(({ to }) => to));
    const levels = points.flatMap(({ min, max }) => [min, max]);
    if (threshold !== undefined) levels.push(threshold);
    const range = niceRange(Math.min(...levels), Math.max(...levels), 3);
    const x = (t: number) => LEFT + ((t - from) / (2 * AROUND_MS)) * (WIDTH - LEFT);
    const y = (value: number) => (HEIGHT - BOTTOM) * (1 - (value - range.min) / (range.max - range.min));
    const place = (t: number, value: number) => `${x(t).toFixed(1)} ${y(value).toFixed(1)}`;
    const runs: LanePoint[][] = [];
    for (const point of points) {
      const run = runs.at(-1);
      if (run === undefined || breaks.has(point.x)) runs.push([point]);
      else run.push(point);
    }
    return {
      range: { ...range, x, y },
      gaps,
      path: runs.map((run) => `M${run.map((point) => place(point.x, point.y)).join("L")}`).join(""),
      band: runs
        .map(
          (run) =>
            `M${run.map((point) => place(point.x, point.max)).join("L")}L${[...run]
              .reverse()
              .map((point) => place(point.x, point.min))
              .join("L")}Z`,
        )
        .join(""),
    };
  }, [points, from, threshold]);
  const { x, y, ticks, step } = range;
  const newest = points.at(-1)!.until;
  const decimals = tickDecimals(step);
  const foot = HEIGHT - BOTTOM;
  const colour = COLOURS[severity];
  const lowest = points.reduce((low, { min }) => Math.min(low, min), Number.POSITIVE_INFINITY);
  const highest = points.reduce((high, { max }) => Math.max(high, max), Number.NEGATIVE_INFINITY);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`From ${formatClock(from)} to ${formatClock(from + 2 * AROUND_MS)} between ${formatValue(lowest, unit)} and ${formatValue(highest, unit)}${
        threshold === undefined ? "" : `, limit ${formatValue(threshold, unit)}`
      }; raised at ${formatClock(at, true)}`}
      className="block w-full text-[10px]"
    >
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V5" stroke="var(--gap)" strokeWidth="2" />
        </pattern>
      </defs>
      {ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${LEFT} ${y(tick)}H${WIDTH}`} stroke="var(--grid)" />
          <text x={LEFT - 5} y={y(tick) + 3.5} textAnchor="end" fill="var(--faint)">
            {formatNumber(tick, decimals)}
          </text>
        </g>
      ))}
      {gaps.map((gap) => (
        <rect
          key={gap.from}
          x={x(gap.from)}
          y={0}
          width={Math.max(1, x(gap.to) - x(gap.from))}
          height={foot}
          fill={`url(#${hatch})`}
        />
      ))}
      {newest < from + 2 * AROUND_MS && (
        <rect x={x(newest)} y={0} width={WIDTH - x(newest)} height={foot} fill="var(--canvas)" />
      )}
      <path d={band} fill="var(--envelope)" />
      <path d={path} fill="none" stroke="var(--trace)" strokeWidth="1.5" strokeLinejoin="round" />
      {threshold !== undefined && (
        <path
          d={`M${LEFT} ${y(threshold)}H${WIDTH}`}
          stroke={colour}
          strokeDasharray={severity === "critical" ? undefined : "5 3"}
        />
      )}
      <path d={`M${x(at)} 0V${foot}`} stroke={colour} />
      <path d={`M${LEFT} ${foot}H${WIDTH}`} stroke="var(--line-strong)" />
      {timeTicks(from, from + 2 * AROUND_MS, 4, offsetMs(from)).at.map((tick) => (
        <text key={tick} x={x(tick)} y={HEIGHT - 4} textAnchor="middle" fill="var(--faint)">
          {formatClock(tick)}
        </text>
      ))}
    </svg>
  );
}
