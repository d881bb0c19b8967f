import { formatNumber, formatValue } from "../ui/format.ts";
import { drawGaps, drawMarks, drawQuality, drawSelection, type Mark, type Plot } from "./draw.ts";
import { expectedInterval, findGaps, type Gap } from "./gaps.ts";
import type { Palette } from "./palette.ts";
import { type NiceRange, niceRange, tickDecimals } from "./scale.ts";
import { type LanePoint, type LaneSeries, nearest } from "./series.ts";
import type { Stretch } from "./time-window.ts";

/** More lines in one drawing could not be told apart. */
export const MOST_OVERLAID = 5;

/** How the lines are dashed, in their order: a colour alone tells nothing to many. */
export const DASHES: readonly number[][] = [[], [6, 3], [2, 3], [10, 3, 2, 3], [1, 3]];

/** One of several series in one drawing. */
export interface OverlayLine {
  name: string;
  unit: string;
  series: LaneSeries;
  points: readonly LanePoint[];
  gaps: readonly Gap[];
}

export function overlayLine(
  { name, unit, series }: Pick<OverlayLine, "name" | "unit" | "series">,
  points: readonly LanePoint[],
): OverlayLine {
  const gaps = findGaps(points, expectedInterval(points) || expectedInterval(series.points));
  return { name, unit, series, points, gaps };
}

function extent(points: readonly LanePoint[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { y } of points) {
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return { low, high };
}

/** Lines of one unit share its scale; of several, each is drawn between its own lowest and highest value. */
export function sharesScale(units: readonly string[]): boolean {
  return new Set(units).size <= 1;
}

const SHARES: NiceRange = { min: -0.06, max: 1.06, step: 0.5, ticks: [0, 0.5, 1] };

/** A scale for all lines, and how each line's values lie on it. */
export function overlayScale(lines: readonly OverlayLine[]): {
  scale: NiceRange;
  place: ((value: number) => number)[];
} {
  const extents = lines.map(({ points }) => extent(points));
  if (sharesScale(lines.map(({ unit }) => unit))) {
    const scale = niceRange(
      Math.min(...extents.map(({ low }) => low)),
      Math.max(...extents.map(({ high }) => high)),
    );
    return { scale, place: lines.map(() => (value) => value) };
  }
  return {
    scale: SHARES,
    place: extents.map(
      ({ low, high }) =>
        (value) =>
          high > low ? (value - low) / (high - low) : 0.5,
    ),
  };
}

/** Where none of the lines has anything. */
export function commonGaps(gaps: readonly (readonly Gap[])[]): Gap[] {
  const [first = [], ...others] = gaps;
  return others.reduce<readonly Gap[]>(
    (common, next) =>
      common.flatMap((one) =>
        next.flatMap((other) => {
          const from = Math.max(one.from, other.from);
          const to = Math.min(one.to, other.to);
          return to > from ? [{ from, to }] : [];
        }),
      ),
    first,
  ) as Gap[];
}

export interface OverlayScene {
  lines: readonly OverlayLine[];
  marks: readonly Mark[];
  crosshair: number | undefined;
  selection: Stretch | undefined;
}

/** Several series in one plot, each with its own colour, dash and name at its end. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  plot: Omit<Plot, "y">,
  { lines, marks, crosshair, selection }: OverlayScene,
  colours: Palette,
): void {
  const { scale, place } = overlayScale(lines);
  const y = (value: number) =>
    plot.bottom - ((value - scale.min) / (scale.max - scale.min)) * (plot.bottom - plot.top);
  const whole: Plot = { ...plot, y };
  drawScale(context, whole, scale, lines, colours);

  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  context.clip();
  for (const { points } of lines) drawQuality(context, whole, points, colours);
  drawMarks(context, whole, marks, colours);
  drawGaps(context, whole, commonGaps(lines.map(({ gaps }) => gaps)), colours);
  lines.forEach(({ points, gaps }, i) => {
    const breaks = new Set(gaps.map(({ to }) => to));
    context.strokeStyle = colours.series[i]!;
    context.lineWidth = 1.5;
    context.setLineDash(DASHES[i]!);
    context.beginPath();
    points.forEach((point, at) => {
      const to = [plot.x(point.x), y(place[i]!(point.y))] as const;
      if (at === 0 || breaks.has(point.x)) context.moveTo(...to);
      else context.lineTo(...to);
    });
    context.stroke();
  });
  context.restore();

  nameEnds(context, whole, lines, place, colours);
  if (selection) drawSelection(context, whole, selection, colours);
  if (crosshair !== undefined) drawValues(context, whole, lines, place, crosshair, colours);
}

function drawScale(
  context: CanvasRenderingContext2D,
  plot: Plot,
  scale: NiceRange,
  lines: readonly OverlayLine[],
  colours: Palette,
): void {
  const shares = !sharesScale(lines.map(({ unit }) => unit));
  context.font = `${colours.rem * 0.625}px ${colours.fontFamily}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  context.setLineDash([]);
  for (const tick of scale.ticks) {
    const at = Math.round(plot.y(tick)) + 0.5;
    context.strokeStyle = colours.grid;
    context.beginPath();
    context.moveTo(plot.left, at);
    context.lineTo(plot.right, at);
    context.stroke();
    context.fillStyle = colours.faint;
    const words = shares ? `${tick * 100} %` : formatNumber(tick, tickDecimals(scale.step));
    context.fillText(words, plot.left - 5, at);
  }
  context.strokeStyle = colours.lineStrong;
  context.beginPath();
  context.moveTo(plot.left - 0.5, plot.top);
  context.lineTo(plot.left - 0.5, plot.bottom);
  context.stroke();
}

/** Names nearer than this are pushed apart. */
const NAME_PX = 12;

function nameEnds(
  context: CanvasRenderingContext2D,
  plot: Plot,
  lines: readonly OverlayLine[],
  place: ((value: number) => number)[],
  colours: Palette,
): void {
  context.font = `500 ${colours.rem * 0.625}px ${colours.fontFamily}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  let free = plot.top;
  lines
    .flatMap(({ name, points }, i) => {
      const last = points.at(-1);
      return last ? [{ name, i, at: plot.y(place[i]!(last.y)) }] : [];
    })
    .sort((a, b) => a.at - b.at)
    .forEach(({ name, i, at }, order, all) => {
      const most = plot.bottom - NAME_PX * (all.length - order - 0.5);
      const place = Math.min(most, Math.max(at, free + NAME_PX / 2));
      free = place + NAME_PX / 2;
      context.fillStyle = colours.series[i]!;
      context.fillText(name, plot.right + 6, place, colours.rem * 3.75);
    });
}

/** The line through the lane, a dot on each series, and what each says at that time. */
function drawValues(
  context: CanvasRenderingContext2D,
  plot: Plot,
  lines: readonly OverlayLine[],
  place: ((value: number) => number)[],
  at: number,
  colours: Palette,
): void {
  const x = plot.x(at);
  if (x < plot.left - 0.5 || x > plot.right + 0.5) return;
  context.setLineDash([]);
  context.strokeStyle = colours.crosshair;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, plot.top);
  context.lineTo(Math.round(x) + 0.5, plot.bottom);
  context.stroke();
  const size = colours.rem * 0.6875;
  context.font = `500 ${size}px ${colours.fontFamily}`;
  const rows = lines.flatMap(({ name, unit, points }, i) => {
    const point = nearest(points, at);
    if (!point) return [];
    context.beginPath();
    context.arc(plot.x(point.x), plot.y(place[i]!(point.y)), 2.5, 0, 2 * Math.PI);
    context.fillStyle = colours.series[i]!;
    context.fill();
    return [{ colour: colours.series[i]!, words: `${name} ${formatValue(point.y, unit)}` }];
  });
  if (rows.length === 0) return;
  const width = Math.max(...rows.map(({ words }) => context.measureText(words).width)) + 10;
  const height = rows.length * 14 + 4;
  const left = x + 8 + width > plot.right ? x - 8 - width : x + 8;
  const top = plot.top + Math.max(1, (plot.bottom - plot.top - height) / 2);
  context.fillStyle = colours.overlay;
  context.strokeStyle = colours.lineStrong;
  context.beginPath();
  context.roundRect(Math.round(left) + 0.5, Math.round(top) + 0.5, width, height, 2);
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "middle";
  rows.forEach(({ colour, words }, row) => {
    context.fillStyle = colour;
    context.fillText(words, left + 5, top + 9 + row * 14);
  });
}
