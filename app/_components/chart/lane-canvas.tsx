"use client";
import {
  type ChartData,
  Chart as ChartJs,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from "chart.js";
import { useEffect, useRef, useState } from "react";
import { Chart } from "react-chartjs-2";
import { formatNumber } from "../ui/format.ts";
import type { Mark } from "./draw.ts";
import { onTurn } from "./frame-loop.ts";
import { expectedInterval, findGaps, type Gap } from "./gaps.ts";
import { laneOptions } from "./lane-options.ts";
import type { Limit } from "./limits.ts";
import { type Palette, palette } from "./palette.ts";
import { AXIS_REM, gutterWidth, plotBox } from "./plot-box.ts";
import { type NiceRange, niceRange, tickDecimals } from "./scale.ts";
import { type Scene, sceneryPlugin } from "./scenery.ts";
import { type LanePoint, type LaneSeries, pixelColumns, visible } from "./series.ts";
import type { TimeAxis } from "./time-axis.ts";

ChartJs.register(LineController, LineElement, PointElement, LinearScale);

/** What is off the screen is drawn so often: at once when it comes into sight, right when it is printed. */
const OFF_SCREEN_MS = 5_000;

export interface LaneCanvasProps {
  series: LaneSeries;
  axis: TimeAxis;
  /** Called before each frame; moves what came live into `series`. */
  pull?: (() => void) | undefined;
  limits?: readonly Limit[];
  marks?: readonly Mark[];
  /** A value axis that does not follow the values; `bands` colours the trace by health. */
  fixed?: NiceRange;
  bands?: boolean;
  /** The length of a gap in words; the top lane says it for all. */
  namesGaps?: boolean;
  gutter?: boolean;
  label: string;
  className?: string;
}

/** The value range of what is shown: limits are in it where they are near. */
function valueRange(points: readonly LanePoint[], limits: readonly Limit[]): NiceRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { min, max } of points) {
    if (min < low) low = min;
    if (max > high) high = max;
  }
  const reach = Math.max((high - low) * 1.5, Math.abs(high) * 0.02);
  for (const { value } of limits)
    if (value > low - reach && value < high + reach) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return niceRange(low, high);
}

/** Chart.js breaks its line at a point without a value. */
function withBreaks(points: readonly LanePoint[], gaps: readonly Gap[]): { x: number; y: number }[] {
  if (gaps.length === 0) return points as LanePoint[];
  const broken: { x: number; y: number }[] = [];
  const ends = new Set(gaps.map(({ to }) => to));
  for (const point of points) {
    if (ends.has(point.x)) broken.push({ x: point.x, y: Number.NaN });
    broken.push(point);
  }
  return broken;
}

/** Stands for "none", so that none is the same as none. */
const NONE: readonly never[] = [];
const NOTHING: NiceRange = { min: 0, max: 1, step: 1, ticks: [] };

/** What a drawing is of: the points in columns of pixels, and everything else that shows. */
interface View {
  range: { from: number; to: number } | undefined;
  points: readonly LanePoint[];
  /** Two drawings with equal keys and equal half pixels of their newest point would look alike. */
  key: readonly unknown[];
}

function viewOf(chart: ChartJs<"line">, props: LaneCanvasProps, colours: Palette): View {
  const { series, axis, limits = NONE, marks = NONE, fixed, bands, namesGaps, gutter = true } = props;
  const { width } = plotBox(chart.width, gutter);
  const range = axis.range(width);
  const points = range
    ? pixelColumns(visible(series.points, range.from, range.to), (range.to - range.from) / width)
    : NONE;
  return {
    range,
    points,
    key: [
      series,
      series.history,
      range?.from,
      range?.to,
      points.length,
      axis.crosshair,
      axis.selection,
      chart.width,
      chart.height,
      colours,
      limits,
      marks,
      fixed,
      bands,
      namesGaps,
      gutter,
    ],
  };
}

/** The newest point as it shows: most of what comes in a frame moves it by less than the eye can see. */
function inHalfPixels(chart: ChartJs<"line">, point: LanePoint | undefined): number[] {
  const scale = chart.scales.y;
  if (point === undefined || scale === undefined) return [];
  const half = (value: number) => Math.round(2 * scale.getPixelForValue(value));
  return [half(point.y), half(point.min), half(point.max), point.q];
}

/**
 * One lane of a chart, drawn by Chart.js when its turn comes and only where it would look different: no animation,
 * no decimation plugin, no React between two frames.
 */
export function LaneCanvas(props: LaneCanvasProps) {
  const { label, className } = props;
  const chartRef = useRef<ChartJs<"line"> | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const scene = useRef<Scene | undefined>(undefined);
  const [setup] = useState(() => {
    const data: ChartData<"line"> = { datasets: [{ data: [] }] };
    return { data, options: laneOptions(), plugins: [sceneryPlugin(() => scene.current)] };
  });

  useEffect(() => {
    const chart = chartRef.current;
    if (!chart) return;
    let onScreen = true;
    let drawn: readonly unknown[] = [];
    let drawnAt = Number.NEGATIVE_INFINITY;
    const watcher = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting ?? true;
    });
    watcher.observe(chart.canvas);

    const stop = onTurn((time) => {
      if (!onScreen && time - drawnAt < OFF_SCREEN_MS) return false;
      const now = latest.current;
      now.pull?.();
      now.axis.cover(now.series.points[0]?.x ?? Number.NaN, now.series.last);
      const colours = palette();
      const view = viewOf(chart, now, colours);
      const key = [...view.key, ...inHalfPixels(chart, view.points.at(-1))];
      if (key.length === drawn.length && key.every((part, at) => part === drawn[at])) return false;
      render(chart, now, view, colours, scene);
      // In pixels of the scale that the drawing has just set.
      drawn = [...view.key, ...inHalfPixels(chart, view.points.at(-1))];
      drawnAt = time;
      return true;
    });
    return () => {
      stop();
      watcher.disconnect();
    };
  }, []);

  return (
    <Chart
      type="line"
      ref={chartRef}
      data={setup.data}
      options={setup.options}
      plugins={setup.plugins}
      role="img"
      aria-label={label}
      {...(className && { className })}
    />
  );
}

function render(
  chart: ChartJs<"line">,
  {
    series,
    axis,
    limits = NONE,
    marks = NONE,
    fixed,
    bands = false,
    namesGaps = false,
    gutter = true,
  }: LaneCanvasProps,
  { range, points }: View,
  colours: Palette,
  scene: { current: Scene | undefined },
): void {
  const axisWidth = AXIS_REM * colours.rem;
  // Zoomed into a gap there are too few points to tell the rhythm by; those around it know.
  const gaps = findGaps(points, expectedInterval(points) || expectedInterval(series.points));
  const { min, max, ticks, step } = fixed ?? (points.length === 0 ? NOTHING : valueRange(points, limits));
  scene.current = {
    colours,
    points,
    gaps,
    limits,
    marks,
    crosshair: axis.crosshair,
    selection: axis.selection,
    // Before its history has come nobody knows.
    empty:
      series.history > 0 &&
      !points.some(({ x, until }) => range !== undefined && until >= range.from && x <= range.to),
    namesGaps,
    labels: gutter,
    bands,
  };

  const dataset = chart.data.datasets[0]!;
  dataset.data = withBreaks(points, gaps);
  dataset.borderColor = colours.trace;
  dataset.pointBackgroundColor = colours.trace;
  const distance = points.length > 1 ? (chart.width - axisWidth) / points.length : 0;
  dataset.pointRadius = distance >= 6 && points[0]?.n === 1 ? 1.5 : 0;
  const { x, y } = chart.options.scales!;
  x!.min = range?.from ?? 0;
  x!.max = range?.to ?? 1;
  y!.min = min;
  y!.max = max;
  y!.afterBuildTicks = (scale) => {
    scale.ticks = ticks.map((value) => ({ value }));
  };
  const decimals = tickDecimals(step);
  y!.ticks!.callback = (value) => formatNumber(Number(value), decimals);
  y!.ticks!.color = colours.faint;
  (y!.ticks as { font?: object }).font = { size: colours.rem * 0.625, family: colours.fontFamily };
  y!.grid!.color = colours.grid;
  y!.border!.color = colours.lineStrong;
  y!.afterFit = (scale) => {
    scale.width = axisWidth;
  };
  chart.options.layout = { padding: { right: gutterWidth(gutter, colours.rem), top: 4, bottom: 4 } };
  chart.update("none");
}
