import { palette } from "./palette.ts";

/** Widths in rem beside each plot: the value axis on the left, labels of limits on the right. */
export const AXIS_REM = 2.625;
const GUTTER_REM = 4.25;
const EDGE_PX = 8;

/** Pixels to the right of a plot. */
export function gutterWidth(gutter: boolean, rem: number): number {
  return gutter ? GUTTER_REM * rem : EDGE_PX;
}

/** Where the plot lies within an element of this width, in pixels from its left edge. */
export function plotBox(width: number, gutter: boolean): { left: number; width: number } {
  const { rem } = palette();
  const left = AXIS_REM * rem;
  return { left, width: Math.max(1, width - left - gutterWidth(gutter, rem)) };
}
