"use client";
import { useEffect, useRef } from "react";
import type { Mark } from "./draw.ts";
import { onTurn } from "./frame-loop.ts";
import { drawOverlay, overlayLine } from "./overlay.ts";
import { palette } from "./palette.ts";
import { plotBox } from "./plot-box.ts";
import { type LaneSeries, pixelColumns, visible } from "./series.ts";
import type { TimeAxis } from "./time-axis.ts";

/** A series to be drawn with others. */
export interface Overlaid {
  name: string;
  unit: string;
  series: LaneSeries;
  /** Moves what came live into the series; called before each drawing. */
  pull: () => void;
}

/** Above and below the plot, as Chart.js leaves it in the other lanes. */
const AIR_PX = 4;

/** Several series in one plot, drawn when its turn comes and only where it would look different. */
export function OverlayCanvas({
  lines,
  axis,
  marks,
  label,
}: {
  /** Asked at each drawing, since series come one by one. */
  lines: () => readonly Overlaid[];
  axis: TimeAxis;
  marks: readonly Mark[];
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef({ lines, marks });
  held.current = { lines, marks };

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let drawn: readonly unknown[] = [];
    return onTurn(() => {
      const shown = held.current.lines();
      for (const { pull, series } of shown) {
        pull();
        axis.cover(series.points[0]?.x ?? Number.NaN, series.last);
      }
      const colours = palette();
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = window.devicePixelRatio;
      const { left, width: inner } = plotBox(width, true);
      const range = axis.range(inner);
      const key = [
        width,
        height,
        ratio,
        colours,
        axis.version,
        held.current.marks,
        ...shown.flatMap(({ series }) => [series, series.version]),
      ];
      if (width === 0 || !range) return false;
      if (key.length === drawn.length && key.every((part, at) => part === drawn[at])) return false;
      drawn = key;
      element.width = width * ratio;
      element.height = height * ratio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const pixel = (range.to - range.from) / inner;
      drawOverlay(
        context,
        {
          left,
          right: left + inner,
          top: AIR_PX,
          bottom: height - AIR_PX,
          x: (time) => left + (time - range.from) / pixel,
        },
        {
          lines: shown.map((one) =>
            overlayLine(one, pixelColumns(visible(one.series.points, range.from, range.to), pixel)),
          ),
          marks: held.current.marks,
          crosshair: axis.crosshair,
          selection: axis.selection,
        },
        colours,
      );
      return true;
    });
  }, [axis]);

  return <canvas ref={canvas} role="img" aria-label={label} className="size-full" />;
}
