"use client";
import { type PointerEvent, type RefObject, useEffect, useMemo } from "react";
import { plotBox } from "./plot-box.ts";
import type { TimeAxis } from "./time-axis.ts";
import { panned, type Stretch, zoomed } from "./time-window.ts";

/** A pointer that moved less has not been dragged. */
const DRAG_PX = 5;
/** A finger that rests so long leads the crosshair instead of moving the range. */
const LONG_PRESS_MS = 350;
/** What one notch of a wheel (100 px) zooms by is about a fifth. */
const WHEEL_ZOOM = 0.002;

type Doing =
  | { what: "select"; from_x: number }
  | { what: "pan"; x: number }
  | { what: "pinch"; distance: number; middle: number }
  | { what: "crosshair" };

/**
 * What a pointer does on a plot. Mouse: the crosshair follows it, dragging chooses a range, with Shift it moves the
 * range; Ctrl and the wheel zoom, the wheel sideways or with Shift moves; a double click goes back to live. Fingers:
 * one moves the range sideways and, after a long press, leads the crosshair; two zoom. Up and down scrolls the page.
 */
export function usePlotPointer(
  box: RefObject<HTMLElement | null>,
  axis: TimeAxis,
  { gutter, zooms, keep }: { gutter: boolean; zooms: boolean; keep: RefObject<boolean> },
) {
  const gestures = useMemo(() => new Gestures(axis, gutter, zooms), [axis, gutter, zooms]);
  useEffect(() => {
    const element = box.current;
    if (!element || !zooms) return;
    // React listens passively to wheels, which could not keep the page from scrolling.
    const wheel = (event: WheelEvent) => gestures.wheel(element, event);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [box, gestures, zooms]);
  useEffect(() => () => gestures.stop(), [gestures]);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => gestures.down(event),
    onPointerMove: (event: PointerEvent<HTMLElement>) => gestures.move(event),
    onPointerUp: (event: PointerEvent<HTMLElement>) => gestures.up(event),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => gestures.cancel(event),
    onPointerLeave: () => {
      if (!keep.current && !gestures.busy) axis.point(undefined);
    },
    ...(zooms && { onDoubleClick: () => axis.follow() }),
  };
}

class Gestures {
  private readonly fingers = new Map<number, number>();
  private down_x = 0;
  private doing: Doing | undefined;
  private pressed: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly axis: TimeAxis,
    private readonly gutter: boolean,
    private readonly zooms: boolean,
  ) {}

  get busy(): boolean {
    return this.doing !== undefined;
  }

  stop(): void {
    clearTimeout(this.pressed);
  }

  down(event: PointerEvent<HTMLElement>): void {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    this.fingers.set(event.pointerId, event.clientX);
    this.down_x = event.clientX;
    if (!this.zooms) {
      this.point(element, event.clientX);
      return;
    }
    if (event.pointerType === "mouse") {
      this.doing = event.shiftKey
        ? { what: "pan", x: event.clientX }
        : { what: "select", from_x: event.clientX };
      element.setPointerCapture(event.pointerId);
      return;
    }
    clearTimeout(this.pressed);
    if (this.fingers.size === 2) {
      this.doing = { what: "pinch", ...this.span() };
      return;
    }
    const x = event.clientX;
    this.pressed = setTimeout(() => {
      this.doing = { what: "crosshair" };
      this.point(element, x);
    }, LONG_PRESS_MS);
  }

  move(event: PointerEvent<HTMLElement>): void {
    const element = event.currentTarget;
    const { clientX: x, timeStamp } = event;
    const held = this.fingers.has(event.pointerId);
    if (held) this.fingers.set(event.pointerId, x);
    if (held && this.doing === undefined && this.zooms && Math.abs(x - this.down_x) > DRAG_PX) {
      clearTimeout(this.pressed);
      this.doing = { what: "pan", x: this.down_x };
    }
    const { doing } = this;
    if (doing?.what === "select") {
      this.point(element, x);
      const part = this.part(element, doing.from_x, x);
      this.axis.select(Math.abs(x - doing.from_x) > DRAG_PX ? part : undefined);
    } else if (doing?.what === "pan") {
      this.pan(element, doing.x - x, timeStamp);
      doing.x = x;
    } else if (doing?.what === "pinch" && this.fingers.size === 2) {
      const { distance, middle } = this.span();
      this.pan(element, doing.middle - middle, timeStamp);
      this.zoom(element, doing.distance / Math.max(1, distance), middle, timeStamp);
      this.doing = { what: "pinch", distance, middle };
    } else if (event.pointerType === "mouse" || doing?.what === "crosshair" || !this.zooms)
      this.point(element, x);
  }

  up(event: PointerEvent<HTMLElement>): void {
    const { selection } = this.axis;
    const { doing } = this;
    this.cancel(event);
    if (doing?.what === "select" && selection) this.axis.show({ kind: "between", ...selection });
    // A short touch is what a hover is for a mouse.
    if (doing === undefined && event.pointerType !== "mouse") this.point(event.currentTarget, event.clientX);
  }

  cancel(event: PointerEvent<HTMLElement>): void {
    clearTimeout(this.pressed);
    this.fingers.delete(event.pointerId);
    // The finger that is left after two begins anew from where it stands.
    const [left] = this.fingers.values();
    this.doing = left === undefined ? undefined : { what: "pan", x: left };
    this.axis.select(undefined);
  }

  wheel(element: HTMLElement, event: WheelEvent): void {
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (event.ctrlKey || event.metaKey)
      this.zoom(element, Math.exp(event.deltaY * WHEEL_ZOOM), event.clientX, event.timeStamp);
    else if (sideways) this.pan(element, event.deltaX || event.deltaY, event.timeStamp);
    else return;
    event.preventDefault();
  }

  private point(element: HTMLElement, x: number): void {
    const share = this.shareAt(element, x);
    const range = this.rangeOf(element);
    if (range) this.axis.point(share < 0 || share > 1 ? undefined : timeAt(range, share));
  }

  private pan(element: HTMLElement, by_px: number, at: number): void {
    const range = this.rangeOf(element);
    const bounds = this.axis.bounds();
    if (!range || !bounds || by_px === 0) return;
    const { width } = plotBox(element.clientWidth, this.gutter);
    this.axis.show(panned(range, (by_px / width) * (range.to - range.from), bounds), at);
  }

  private zoom(element: HTMLElement, factor: number, x: number, at: number): void {
    const range = this.rangeOf(element);
    const bounds = this.axis.bounds();
    if (!range || !bounds) return;
    const share = Math.min(1, Math.max(0, this.shareAt(element, x)));
    this.axis.show(zoomed(range, factor, timeAt(range, share), bounds), at);
  }

  private part(element: HTMLElement, a: number, b: number): Stretch | undefined {
    const range = this.rangeOf(element);
    if (!range) return undefined;
    const [from, to] = [a, b]
      .map((x) => timeAt(range, Math.min(1, Math.max(0, this.shareAt(element, x)))))
      .sort((one, other) => one - other) as [number, number];
    return to - from < 1 ? undefined : { from, to };
  }

  private rangeOf(element: HTMLElement): Stretch | undefined {
    return this.axis.range(plotBox(element.clientWidth, this.gutter).width);
  }

  private shareAt(element: HTMLElement, x: number): number {
    const { left, width } = plotBox(element.clientWidth, this.gutter);
    return (x - element.getBoundingClientRect().left - left) / width;
  }

  private span(): { distance: number; middle: number } {
    const [a = 0, b = 0] = this.fingers.values();
    return { distance: Math.abs(a - b), middle: (a + b) / 2 };
  }
}

function timeAt({ from, to }: Stretch, share: number): number {
  return from + share * (to - from);
}
