"use client";
import { useEffect, useRef } from "react";
import { onFrame } from "../chart/frame-loop.ts";
import { palette } from "../chart/palette.ts";
import { useRing } from "../stream.ts";
import { sparkHistory } from "./spark-history.ts";

/** Under so many readings a line would say nothing. */
const LEAST = 5;
/** Asked only once a row has been looked at for so long: scrolling past asks nothing. */
const ASK_AFTER_MS = 300;
/** Redrawn at most so often: it is 60 pixels wide. */
const EVERY_MS = 250;

/** The past of a sensor and its newest readings, no axis; `threshold` is the limit of its alert. */
export function Sparkline({
  asset_id,
  sensor_id,
  threshold,
  severity,
  readings = 120,
}: {
  asset_id: string;
  sensor_id: string;
  threshold?: number | undefined;
  severity?: "info" | "warning" | "critical" | undefined;
  readings?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ring = useRing(asset_id, sensor_id);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let version = -1;
    let past: readonly number[] = [];
    let over = false;
    const ask = setTimeout(() => {
      const first = ring()?.at(0)?.t;
      void sparkHistory(asset_id, sensor_id).then((points) => {
        if (over) return;
        past = points.filter(({ until }) => first === undefined || until < first).map(({ y }) => y);
        version = -1;
      });
    }, ASK_AFTER_MS);
    let shown = "";
    let last = 0;
    const stop = onFrame((now) => {
      if (now - last < EVERY_MS) return;
      last = now;
      const live = ring();
      const colours = palette();
      const { clientWidth: width, clientHeight: height } = element;
      const key = `${width} ${height} ${colours.trace} ${threshold}`;
      if (live === undefined || width === 0 || (live.version === version && key === shown)) return;
      version = live.version;
      shown = key;
      const ratio = window.devicePixelRatio;
      element.width = width * ratio;
      element.height = height * ratio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const columns = live.columns();
      const recent = columns.v.subarray(Math.max(0, columns.v.length - readings));
      const v = [...past.slice(Math.min(past.length, recent.length)), ...recent];
      if (v.length < LEAST) return;
      let low = threshold ?? Number.POSITIVE_INFINITY;
      let high = threshold ?? Number.NEGATIVE_INFINITY;
      for (const value of v) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
      const span = high - low || 1;
      const x = (i: number) => 1 + (i / (v.length - 1)) * (width - 5);
      const y = (value: number) => 3 + (1 - (value - low) / span) * (height - 6);
      if (threshold !== undefined) {
        context.strokeStyle = colours.control;
        context.lineWidth = 1;
        context.setLineDash(severity === "critical" ? [] : [3, 2]);
        context.beginPath();
        context.moveTo(0, Math.round(y(threshold)) + 0.5);
        context.lineTo(width, Math.round(y(threshold)) + 0.5);
        context.stroke();
        context.setLineDash([]);
      }
      context.strokeStyle = colours.trace;
      context.lineWidth = 1.25;
      context.lineJoin = "round";
      context.beginPath();
      for (let i = 0; i < v.length; i++) context.lineTo(x(i), y(v[i]!));
      context.stroke();
      context.fillStyle =
        severity === "critical"
          ? colours.critical
          : severity === "warning"
            ? colours.warningLine
            : colours.trace;
      context.beginPath();
      context.arc(x(v.length - 1), y(v[v.length - 1]!), 2, 0, 2 * Math.PI);
      context.fill();
    });
    return () => {
      over = true;
      clearTimeout(ask);
      stop();
    };
  }, [ring, threshold, severity, readings, asset_id, sensor_id]);

  return <canvas ref={canvas} className="block size-full" />;
}
