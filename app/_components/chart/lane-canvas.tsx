"use client";
import {
  type ChartData,
  Chart as ChartJs,
  type ChartOptions,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from "chart.js";
import { useEffect, useRef, useState } from "react";
import { Chart } from "react-chartjs-2";
import { formatNumber } from "../ui/format.ts";
import {
  drawCrosshair,
  drawEnvelope,
  drawGaps,
  drawLimits,
  drawMarks,
  drawQuality,
  type Mark,
  nameGaps,
  type Plot,
} from "./draw.ts";
import { bandStretches, colourOfBand, colourPast, drawStretches, limitStretches } from "./draw-past.ts";
import { onFrame } from "./frame-loop.ts";
import { expectedInterval, findGaps, type Gap } from "./gaps.ts";
import type { Limit } from "./limits.ts";
import { type Palette, palette } from "./palette.ts";
import { type NiceRange, niceRange, tickDecimals } from "./scale.ts";
import { type LanePoint, type LaneSeries, nearest, visible } from "./series.ts";
import type { TimeAxis } from "./time-axis.ts";

ChartJs.register(LineController, LineElement, PointElement, LinearScale);

/** What is off the screen is drawn so often: at once when it comes into sight, right when it is printed. */
const OFF_SCREEN_MS = 5_000;
/** Widths in rem: value axis on the left, labels of limits on the right. */
const AXIS = 2.625;
const GUTTER = 4.25;

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

/** What the plugin draws, filled before each update. */
interface Scene {
  colours: Palette;
  points: readonly LanePoint[];
  gaps: readonly Gap[];
  limits: readonly Limit[];
  marks: readonly Mark[];
  crosshair: number | undefined;
  namesGaps: boolean;
  labels: boolean;
  bands: boolean;
}

function plotOf(chart: ChartJs): Plot {
  const { left, right, top, bottom } = chart.chartArea;
  const { x, y } = chart.scales;
  return {
    left,
    right,
    top,
    bottom,
    x: (time) => x!.getPixelForValue(time),
    y: (value) => y!.getPixelForValue(value),
  };
}

function clipped(chart: ChartJs, draw: () => void): void {
  const { left, right, top, bottom } = chart.chartArea;
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, right - left, bottom - top);
  chart.ctx.clip();
  draw();
  chart.ctx.restore();
}

function sceneryPlugin(scene: () => Scene | undefined): Plugin<"line"> {
  return {
    id: "scenery",
    beforeDatasetsDraw(chart) {
      const shown = scene();
      if (!shown) return;
      const plot = plotOf(chart);
      clipped(chart, () => {
        drawQuality(chart.ctx, plot, shown.points, shown.colours);
        drawEnvelope(chart.ctx, plot, shown.points, shown.gaps, shown.colours);
        drawMarks(chart.ctx, plot, shown.marks, shown.colours);
        drawGaps(chart.ctx, plot, shown.gaps, shown.colours);
      });
      chart.ctx.save();
      if (shown.labels) drawLimits(chart.ctx, plot, shown.limits, shown.points, shown.colours);
      chart.ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const shown = scene();
      if (!shown) return;
      const plot = plotOf(chart);
      clipped(chart, () => {
        const stretches = shown.bands
          ? bandStretches(shown.colours)
          : limitStretches(shown.limits, shown.colours);
        drawStretches(chart.ctx, plot, stretches, shown.points, shown.gaps);
      });
      if (shown.namesGaps) {
        chart.ctx.save();
        nameGaps(chart.ctx, plot, shown.gaps, shown.colours);
        chart.ctx.restore();
      }
      const last = shown.points.at(-1);
      if (last) {
        const x = plot.x(last.x);
        if (x >= plot.left && x <= plot.right + 1) {
          chart.ctx.save();
          chart.ctx.fillStyle = lastColour(last, shown);
          chart.ctx.beginPath();
          chart.ctx.arc(x, plot.y(last.y), 2.5, 0, 2 * Math.PI);
          chart.ctx.fill();
          chart.ctx.restore();
        }
      }
      if (shown.crosshair !== undefined) {
        chart.ctx.save();
        drawCrosshair(
          chart.ctx,
          plot,
          shown.crosshair,
          nearest(shown.points, shown.crosshair),
          shown.colours,
        );
        chart.ctx.restore();
      }
    },
  };
}

function lastColour(last: LanePoint, { bands, limits, colours }: Scene): string {
  return bands ? colourOfBand(last.y, colours) : colourPast(last.y, limits, colours);
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

/**
 * One lane of a chart, drawn by Chart.js on animation frames and only where something changed: no animation, no
 * decimation plugin, no React between two frames.
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
    let drawn = {
      at: Number.NEGATIVE_INFINITY,
      series: -1,
      axis: -1,
      width: 0,
      height: 0,
      props: latest.current,
      colours: {} as Palette,
    };
    const watcher = new IntersectionObserver(([entry]) => {
      onScreen = entry?.isIntersecting ?? true;
    });
    watcher.observe(chart.canvas);

    const draw = (time: number) => {
      if (!onScreen && time - drawn.at < OFF_SCREEN_MS) return;
      const now = latest.current;
      now.pull?.();
      const { series, axis } = now;
      axis.cover(series.points[0]?.x ?? Number.NaN, series.last);
      const colours = palette();
      if (
        drawn.series === series.version &&
        drawn.axis === axis.version &&
        drawn.width === chart.width &&
        drawn.height === chart.height &&
        drawn.props === now &&
        drawn.colours === colours
      )
        return;
      drawn = {
        at: time,
        series: series.version,
        axis: axis.version,
        width: chart.width,
        height: chart.height,
        props: now,
        colours,
      };
      render(chart, now, colours, scene);
    };
    const stop = onFrame(draw);
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

const NOTHING: NiceRange = { min: 0, max: 1, step: 1, ticks: [] };

function render(
  chart: ChartJs<"line">,
  {
    series,
    axis,
    limits = [],
    marks = [],
    fixed,
    bands = false,
    namesGaps = false,
    gutter = true,
  }: LaneCanvasProps,
  colours: Palette,
  scene: { current: Scene | undefined },
): void {
  const axisWidth = AXIS * colours.rem;
  const gutterWidth = gutter ? GUTTER * colours.rem : 8;
  const range = axis.range(Math.max(1, chart.width - axisWidth - gutterWidth));
  const points = range ? visible(series.points, range.from, range.to) : [];
  const gaps = findGaps(points, expectedInterval(points));
  const { min, max, ticks, step } = fixed ?? (points.length === 0 ? NOTHING : valueRange(points, limits));
  scene.current = {
    colours,
    points,
    gaps,
    limits,
    marks,
    crosshair: axis.crosshair,
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
  chart.options.layout = { padding: { right: gutterWidth, top: 4, bottom: 4 } };
  chart.update("none");
}

function laneOptions(): ChartOptions<"line"> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    spanGaps: false,
    events: [],
    elements: {
      line: { borderWidth: 1.5, tension: 0, borderJoinStyle: "round", borderCapStyle: "round" },
      point: { radius: 0, borderWidth: 0, hitRadius: 0 },
    },
    scales: {
      x: { type: "linear", display: false },
      y: {
        type: "linear",
        position: "left",
        border: { display: true },
        grid: { drawTicks: false },
        ticks: { padding: 5, autoSkip: false, maxRotation: 0 },
      },
    },
  };
}
