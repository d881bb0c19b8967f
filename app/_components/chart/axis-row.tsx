"use client";
import { useEffect, useRef } from "react";
import { formatClock, formatDate, formatDateTime } from "../ui/format.ts";
import { offsetMs, zoneName } from "../ui/zone.ts";
import { onFrame } from "./frame-loop.ts";
import { palette } from "./palette.ts";
import { plotBox } from "./plot-box.ts";
import { timeTicks } from "./scale.ts";
import type { TimeAxis } from "./time-axis.ts";

const DAY = 86_400_000;

function labelOf(at: number, step: number): string {
  if (step >= DAY) return formatDate(at).replace(/ \d{4}$/, "");
  const clock = formatClock(at, step < 60_000);
  return clock === "00:00" ? formatDate(at).replace(/ \d{4}$/, "") : clock;
}

/**
 * The times under all lanes, drawn like them on animation frames: round times, the crosshair's in a pill, zone and
 * date named once at the left.
 */
export function AxisRow({ axis, gutter = true }: { axis: TimeAxis; gutter?: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const named = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let drawn = "";
    const draw = () => {
      const colours = palette();
      const width = element.clientWidth;
      const height = element.clientHeight;
      const ratio = window.devicePixelRatio;
      const key = `${axis.version} ${width} ${height} ${ratio} ${colours.text} ${colours.rem}`;
      if (key === drawn || width === 0) return;
      drawn = key;
      element.width = width * ratio;
      element.height = height * ratio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const { left, width: plot } = plotBox(width, gutter);
      const right = left + plot;
      const range = axis.range(plot);
      if (!range) return;
      const x = (at: number) => left + ((at - range.from) / (range.to - range.from)) * (right - left);
      const offset = offsetMs(range.to);
      const { at, step } = timeTicks(range.from, range.to, (right - left) / 72, offset);
      const size = colours.rem * 0.6875;
      context.font = `400 ${size}px ${colours.fontFamily}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = colours.muted;
      const pointed = axis.crosshair;
      for (const tick of at) {
        const place = x(tick);
        if (place < left + 8 || place > right - 8) continue;
        if (pointed !== undefined && Math.abs(x(pointed) - place) < 52) continue;
        context.fillText(labelOf(tick, step), place, height / 2);
      }
      if (pointed !== undefined) {
        const words =
          step < 60_000 || range.to - range.from < 6 * 3_600_000
            ? formatClock(pointed, true)
            : formatDateTime(pointed, false);
        context.font = `500 ${size}px ${colours.fontFamily}`;
        const pill = context.measureText(words).width + 12;
        const place = Math.min(right - pill / 2, Math.max(left + pill / 2, x(pointed)));
        context.fillStyle = colours.text;
        context.beginPath();
        context.roundRect(place - pill / 2, height / 2 - 8.5, pill, 17, 2);
        context.fill();
        context.fillStyle = colours.surface;
        context.fillText(words, place, height / 2);
      }
      if (named.current) {
        const days =
          formatDate(range.from) === formatDate(range.to)
            ? formatDate(range.to)
            : `${formatDate(range.from).replace(/ \d{4}$/, "")} to ${formatDate(range.to)}`;
        named.current.textContent = `${days}, ${zoneName(range.to)}`;
      }
    };
    return onFrame(draw);
  }, [axis, gutter]);

  return (
    <div className="lane lane-axis">
      <div className="lane-label text-11 text-faint">
        <span ref={named} />
      </div>
      <canvas ref={canvas} className="h-[1.625rem] w-full" />
    </div>
  );
}
