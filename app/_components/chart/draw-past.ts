import type { Plot } from "./draw.ts";
import type { Gap } from "./gaps.ts";
import { type Limit, passedLimit } from "./limits.ts";
import type { Palette } from "./palette.ts";
import type { LanePoint } from "./series.ts";

/** Between these values the trace takes a colour. */
export interface Stretch {
  from: number;
  to: number;
  colour: string;
}

function colourOf(limit: Limit, colours: Palette): string {
  return limit.severity === "critical"
    ? colours.critical
    : limit.severity === "warning"
      ? colours.warningLine
      : colours.info;
}

const WEIGHT = { info: 0, warning: 1, critical: 2 } as const;

/** Past each limit, the worst last so that it lies on top. */
export function limitStretches(limits: readonly Limit[], colours: Palette): Stretch[] {
  return [...limits]
    .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity])
    .map((limit) => ({
      from: limit.side === "above" ? limit.value : Number.NEGATIVE_INFINITY,
      to: limit.side === "above" ? Number.POSITIVE_INFINITY : limit.value,
      colour: colourOf(limit, colours),
    }));
}

/** The bands of health below "low", whose grey is the trace's own. */
export function bandStretches({ bands }: Palette): Stretch[] {
  return [
    { from: 50, to: 70, colour: bands.medium },
    { from: 25, to: 50, colour: bands.high },
    { from: Number.NEGATIVE_INFINITY, to: 25, colour: bands.critical },
  ];
}

export function colourPast(value: number, limits: readonly Limit[], colours: Palette): string {
  const passed = passedLimit(value, limits);
  return passed === undefined ? colours.trace : colourOf(passed, colours);
}

export function colourOfBand(score: number, colours: Palette): string {
  if (score < 25) return colours.bands.critical;
  if (score < 50) return colours.bands.high;
  return score < 70 ? colours.bands.medium : colours.trace;
}

/**
 * Draws the trace again in colour where it lies in a stretch, exactly from where it crosses. A clip costs a tenth of
 * styles by segment, which Chart.js resolves one by one.
 */
export function drawStretches(
  context: CanvasRenderingContext2D,
  plot: Plot,
  stretches: readonly Stretch[],
  points: readonly LanePoint[],
  gaps: readonly Gap[],
): void {
  if (points.length < 2) return;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { y } of points) {
    if (y < low) low = y;
    if (y > high) high = y;
  }
  const breaks = new Set(gaps.map(({ to }) => to));
  for (const { from, to, colour } of stretches) {
    if (high <= from || low >= to) continue;
    const top = to === Number.POSITIVE_INFINITY ? plot.top : plot.y(to);
    const bottom = from === Number.NEGATIVE_INFINITY ? plot.bottom : plot.y(from);
    context.save();
    context.beginPath();
    context.rect(plot.left, top, plot.right - plot.left, bottom - top);
    context.clip();
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.beginPath();
    points.forEach((point, i) => {
      const x = plot.x(point.x);
      const y = plot.y(point.y);
      if (i === 0 || breaks.has(point.x)) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
    context.restore();
  }
}
