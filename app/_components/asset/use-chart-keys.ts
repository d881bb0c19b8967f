"use client";
import { useEffect, useRef } from "react";
import type { TimeAxis } from "../chart/time-axis.ts";
import { lastOf, panned, RANGES, zoomed } from "../chart/time-window.ts";
import { isTyping, singleKeysOn } from "../ui/keys.ts";

/** One press of + or − , and of [ or ], changes the range by so much of itself. */
const ZOOM = 0.5;
const PAN = 0.25;

/** What the keyboard does to the range, wherever on the page the focus is. */
export function zoomBy(axis: TimeAxis, factor: number): void {
  const range = axis.range(1_000);
  const bounds = axis.bounds();
  if (!range || !bounds) return;
  const { window, crosshair } = axis;
  // What follows goes on following; a crosshair says around what to zoom.
  if (window.kind === "last" && crosshair === undefined) {
    const span = (range.to - range.from) * factor;
    const whole = span >= bounds.to - bounds.from && factor > 1;
    axis.show({ kind: "last", span_ms: whole ? undefined : Math.max(1_000, Math.round(span)) });
  } else axis.show(zoomed(range, factor, crosshair ?? (range.from + range.to) / 2, bounds));
}

export function panBy(axis: TimeAxis, share: number): void {
  const range = axis.range(1_000);
  const bounds = axis.bounds();
  if (range && bounds) axis.show(panned(range, share * (range.to - range.from), bounds));
}

/** The keys of the charts: zoom, move, follow, undo, ranges, export. */
export function useChartKeys(axis: TimeAxis, also: { exportCsv: () => void; sinceAlert: () => void }): void {
  const held = useRef(also);
  held.current = also;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event) || !singleKeysOn()) return;
      const keys: Record<string, () => void> = {
        "+": () => zoomBy(axis, ZOOM),
        "=": () => zoomBy(axis, ZOOM),
        "-": () => zoomBy(axis, 1 / ZOOM),
        "0": () => axis.show(lastOf("all")),
        "[": () => panBy(axis, -PAN),
        "]": () => panBy(axis, PAN),
        l: () => axis.follow(),
        z: () => axis.undo(),
        e: () => held.current.exportCsv(),
        s: () => held.current.sinceAlert(),
      };
      RANGES.forEach(({ value }, i) => {
        keys[String(i + 1)] = () => axis.show(lastOf(value));
      });
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [axis]);
}
