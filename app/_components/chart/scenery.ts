import type { Chart as ChartJs, Plugin } from "chart.js";
import {
  drawCrosshair,
  drawEmpty,
  drawEnvelope,
  drawGaps,
  drawLimits,
  drawMarks,
  drawQuality,
  drawSelection,
  type Mark,
  nameGaps,
  type Plot,
} from "./draw.ts";
import { bandStretches, colourOfBand, colourPast, drawStretches, limitStretches } from "./draw-past.ts";
import type { Gap } from "./gaps.ts";
import type { Limit } from "./limits.ts";
import type { Palette } from "./palette.ts";
import { type LanePoint, nearest } from "./series.ts";
import type { Stretch } from "./time-window.ts";

/** What the plugin draws, filled before each update. */
export interface Scene {
  colours: Palette;
  points: readonly LanePoint[];
  gaps: readonly Gap[];
  limits: readonly Limit[];
  marks: readonly Mark[];
  crosshair: number | undefined;
  selection: Stretch | undefined;
  /** Nothing of it lies in the range. */
  empty: boolean;
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

/** Everything around Chart.js's line: quality, extremes, limits, marks, gaps, what is past a limit, crosshair. */
export function sceneryPlugin(scene: () => Scene | undefined): Plugin<"line"> {
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
      if (shown.empty && shown.gaps.length === 0) drawEmpty(chart.ctx, plot, shown.colours);
      if (shown.selection) drawSelection(chart.ctx, plot, shown.selection, shown.colours);
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
