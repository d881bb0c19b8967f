import type { Severity } from "../../../lib/domain/alert.ts";
import { formatDuration, formatNumber } from "../ui/format.ts";
import type { Gap } from "./gaps.ts";
import { isPast, type Limit } from "./limits.ts";
import type { Palette } from "./palette.ts";
import type { LanePoint } from "./series.ts";
import type { Stretch } from "./time-window.ts";

/** Where a lane draws: pixels of the plot, and how times and values become pixels. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (time: number) => number;
  y: (value: number) => number;
}

/** An alert of the asset at its time on the axis. */
export interface Mark {
  at: number;
  severity: Severity;
}

const hatches = new WeakMap<CanvasRenderingContext2D, { colour: string; pattern: CanvasPattern | null }>();

function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const held = hatches.get(context);
  if (held?.colour === colour) return held.pattern;
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  hatches.set(context, { colour, pattern });
  return pattern;
}

const crisp = (at: number) => Math.round(at) + 0.5;

export function drawGaps(
  context: CanvasRenderingContext2D,
  plot: Plot,
  gaps: readonly Gap[],
  colours: Palette,
): void {
  for (const gap of gaps) {
    const left = Math.max(plot.left, plot.x(gap.from));
    const right = Math.min(plot.right, plot.x(gap.to));
    if (right - left < 2) continue;
    const pattern = hatch(context, colours.gap);
    if (pattern) {
      context.fillStyle = pattern;
      context.fillRect(left, plot.top, right - left, plot.bottom - plot.top);
    }
    context.strokeStyle = colours.lineStrong;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    for (const edge of [left, right]) {
      context.moveTo(crisp(edge), plot.top);
      context.lineTo(crisp(edge), plot.bottom);
    }
    context.stroke();
    context.setLineDash([]);
  }
}

/** A gap narrower than this is seen, but has no room for its length in words. */
const NAMED_FROM_PX = 20;

/** The length of each gap in words, over the trace. */
export function nameGaps(
  context: CanvasRenderingContext2D,
  plot: Plot,
  gaps: readonly Gap[],
  colours: Palette,
): void {
  let free = Number.NEGATIVE_INFINITY;
  for (const gap of gaps) {
    const left = Math.max(plot.left, plot.x(gap.from));
    const right = Math.min(plot.right, plot.x(gap.to));
    if (right - left < NAMED_FROM_PX) continue;
    const words = `no data ${formatDuration(gap.to - gap.from)}`;
    context.font = `${colours.rem * 0.625}px ${colours.fontFamily}`;
    const width = context.measureText(words).width + 6;
    const middle = Math.min(plot.right - width / 2, Math.max(plot.left + width / 2, (left + right) / 2));
    if (middle - width / 2 < free) continue;
    free = middle + width / 2 + 2;
    context.fillStyle = colours.surface;
    context.fillRect(middle - width / 2, plot.bottom - 18, width, 13);
    context.fillStyle = colours.muted;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(words, middle, plot.bottom - 11);
  }
}

/** Uncertain and bad readings stay drawn, under a tint with a dotted foot. */
export function drawQuality(
  context: CanvasRenderingContext2D,
  plot: Plot,
  points: readonly LanePoint[],
  colours: Palette,
): void {
  let from: LanePoint | undefined;
  let to: LanePoint | undefined;
  const flush = () => {
    if (!from || !to) return;
    const left = Math.max(plot.left, plot.x(from.x) - 1);
    const right = Math.min(plot.right, Math.max(plot.x(to.until) + 1, left + 3));
    if (right > left) {
      context.globalAlpha = 0.11;
      context.fillStyle = colours.stale;
      context.fillRect(left, plot.top, right - left, plot.bottom - plot.top);
      context.globalAlpha = 1;
      context.strokeStyle = colours.stale;
      context.lineWidth = 2;
      context.setLineDash([2, 2]);
      context.beginPath();
      context.moveTo(left, plot.bottom - 1);
      context.lineTo(right, plot.bottom - 1);
      context.stroke();
      context.setLineDash([]);
    }
    from = undefined;
  };
  for (const point of points) {
    if (point.q > 0) {
      from ??= point;
      to = point;
    } else flush();
  }
  flush();
}

/** Extremes behind the trace, wherever a point stands for more than one reading. */
export function drawEnvelope(
  context: CanvasRenderingContext2D,
  plot: Plot,
  points: readonly LanePoint[],
  gaps: readonly Gap[],
  colours: Palette,
): void {
  if (!points.some(({ min, max }) => max > min)) return;
  context.fillStyle = colours.envelope;
  const breaks = new Set(gaps.map(({ to }) => to));
  let start = 0;
  const stretch = (end: number) => {
    context.beginPath();
    for (let i = start; i < end; i++) context.lineTo(plot.x(points[i]!.x), plot.y(points[i]!.max));
    for (let i = end - 1; i >= start; i--) context.lineTo(plot.x(points[i]!.x), plot.y(points[i]!.min));
    context.fill();
    start = end;
  };
  for (let i = 1; i < points.length; i++) if (breaks.has(points[i]!.x)) stretch(i);
  stretch(points.length);
}

/** Limits take colour only once passed; critical is solid, the others dashed. */
export function drawLimits(
  context: CanvasRenderingContext2D,
  plot: Plot,
  limits: readonly Limit[],
  points: readonly LanePoint[],
  colours: Palette,
): void {
  const taken: number[] = [];
  for (const limit of limits) {
    const passed = points.some(({ min, max }) => isPast(limit.side === "above" ? max : min, limit));
    const colour = !passed
      ? colours.control
      : limit.severity === "critical"
        ? colours.critical
        : limit.severity === "warning"
          ? colours.warningLine
          : colours.info;
    const at = plot.y(limit.value);
    const inside = at >= plot.top && at <= plot.bottom;
    if (inside) {
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.setLineDash(limit.severity === "critical" ? [] : [4, 3]);
      context.beginPath();
      context.moveTo(plot.left, crisp(at));
      context.lineTo(plot.right, crisp(at));
      context.stroke();
      context.setLineDash([]);
    }
    let label = Math.min(plot.bottom - 6, Math.max(plot.top + 6, at));
    while (taken.some((other) => Math.abs(other - label) < 13)) label += limit.side === "above" ? 13 : -13;
    if (label < plot.top || label > plot.bottom) continue;
    taken.push(label);
    const word = limit.severity === "critical" ? "crit" : limit.severity === "warning" ? "warn" : "info";
    context.font = `${passed ? 600 : 400} ${colours.rem * 0.625}px ${colours.fontFamily}`;
    context.fillStyle = passed
      ? limit.severity === "critical"
        ? colours.critical
        : colours.warning
      : colours.muted;
    context.textAlign = "left";
    context.textBaseline = "middle";
    const arrow = inside ? "" : at < plot.top ? "↑ " : "↓ ";
    context.fillText(`${arrow}${word} ${formatNumber(limit.value)}`, plot.right + 6, label);
  }
}

export function drawMarks(
  context: CanvasRenderingContext2D,
  plot: Plot,
  marks: readonly Mark[],
  colours: Palette,
): void {
  context.lineWidth = 1;
  for (const { at, severity } of marks) {
    const x = plot.x(at);
    if (x < plot.left || x > plot.right) continue;
    context.globalAlpha = severity === "critical" ? 0.5 : 0.4;
    context.strokeStyle = colours[severity];
    context.beginPath();
    context.moveTo(crisp(x), plot.top);
    context.lineTo(crisp(x), plot.bottom);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Says that nothing was measured in the whole range. */
export function drawEmpty(context: CanvasRenderingContext2D, plot: Plot, colours: Palette): void {
  context.save();
  context.font = `${colours.rem * 0.75}px ${colours.fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colours.muted;
  context.fillText("nothing in this range", (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2);
  context.restore();
}

/** What is being dragged over: it is the range as soon as the button is let go. */
export function drawSelection(
  context: CanvasRenderingContext2D,
  plot: Plot,
  { from, to }: Stretch,
  colours: Palette,
): void {
  const left = Math.max(plot.left, plot.x(from));
  const right = Math.min(plot.right, plot.x(to));
  context.save();
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.16;
  context.fillRect(left, plot.top, right - left, plot.bottom - plot.top);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1;
  context.beginPath();
  for (const edge of [left, right]) {
    context.moveTo(crisp(edge), plot.top);
    context.lineTo(crisp(edge), plot.bottom);
  }
  context.stroke();
  context.restore();
}

/** The line through the lane, a dot on the reading, and a chip with its value and range. */
export function drawCrosshair(
  context: CanvasRenderingContext2D,
  plot: Plot,
  at: number,
  point: LanePoint | undefined,
  colours: Palette,
): void {
  const x = plot.x(at);
  if (x < plot.left - 0.5 || x > plot.right + 0.5) return;
  context.strokeStyle = colours.crosshair;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(crisp(x), plot.top);
  context.lineTo(crisp(x), plot.bottom);
  context.stroke();
  if (point === undefined) return;
  const dotX = Math.min(plot.right, Math.max(plot.left, plot.x(point.x)));
  const dotY = plot.y(point.y);
  context.beginPath();
  context.arc(dotX, dotY, 3, 0, 2 * Math.PI);
  context.fillStyle = colours.surface;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colours.text;
  context.stroke();

  const value = formatNumber(point.y);
  const range = point.n > 1 ? ` ${formatNumber(point.min)} to ${formatNumber(point.max)}` : "";
  const size = colours.rem * 0.6875;
  context.font = `600 ${size}px ${colours.fontFamily}`;
  const valueWidth = context.measureText(value).width;
  context.font = `400 ${size}px ${colours.fontFamily}`;
  const width = valueWidth + context.measureText(range).width + 10;
  const left = dotX + 8 + width > plot.right ? dotX - 8 - width : dotX + 8;
  const top = Math.min(plot.bottom - 17, Math.max(plot.top + 1, dotY - 8));
  context.fillStyle = colours.overlay;
  context.strokeStyle = colours.lineStrong;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(left + 0.5, top + 0.5, width, 16, 2);
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = colours.text;
  context.font = `600 ${size}px ${colours.fontFamily}`;
  context.fillText(value, left + 5, top + 9);
  context.fillStyle = colours.muted;
  context.font = `400 ${size}px ${colours.fontFamily}`;
  context.fillText(range, left + 5 + valueWidth, top + 9);
}
