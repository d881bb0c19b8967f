"use client";
import { type KeyboardEvent, type PointerEvent, useCallback, useRef } from "react";
import type { TimeAxis } from "./time-axis.ts";

const AXIS = 2.625;
const GUTTER = 4.25;

function plotWithin(element: HTMLElement, gutter: boolean): { left: number; width: number } {
  const box = element.getBoundingClientRect();
  const rem = window.innerWidth >= 2_200 ? 20 : 16;
  const left = box.left + AXIS * rem;
  return { left, width: box.width - AXIS * rem - (gutter ? GUTTER * rem : 8) };
}

/**
 * The crosshair follows the pointer and, from a focused plot, the arrow keys: one step, ten with shift, Escape lets
 * go. `step` gives the times there are to stop at.
 */
export function useCrosshair(
  axis: TimeAxis,
  step: (from: number | undefined, by: number) => number | undefined,
  gutter = true,
) {
  const held = useRef(false);
  const point = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      const { left, width } = plotWithin(event.currentTarget, gutter);
      const range = axis.range(width);
      if (!range) return;
      const share = (event.clientX - left) / width;
      axis.point(share < 0 || share > 1 ? undefined : range.from + share * (range.to - range.from));
    },
    [axis, gutter],
  );
  return {
    onPointerMove: point,
    onPointerDown: point,
    onPointerLeave: () => {
      if (!held.current) axis.point(undefined);
    },
    onBlur: () => {
      held.current = false;
      axis.point(undefined);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (by !== 0) {
        event.preventDefault();
        held.current = true;
        axis.point(step(axis.crosshair, by * (event.shiftKey ? 10 : 1)));
      } else if (event.key === "Escape" && axis.crosshair !== undefined) {
        held.current = false;
        axis.point(undefined);
      }
    },
  };
}
