"use client";
import { useEffect, useState } from "react";
import type { TimeAxis } from "./time-axis.ts";
import { sameWindow, type TimeWindow } from "./time-window.ts";

/** History is asked for once a gesture rests so long. */
const RESTS_MS = 250;

/** The axis' window as soon as it rests: what is fetched and what stands in the URL follow it. */
export function useWindow(axis: TimeAxis): TimeWindow {
  const [window, setWindow] = useState(axis.window);
  useEffect(() => {
    setWindow(axis.window);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen = axis.window;
    const stop = axis.onChange(() => {
      if (axis.window === seen) return;
      seen = axis.window;
      clearTimeout(timer);
      timer = setTimeout(
        () => setWindow((before) => (sameWindow(before, axis.window) ? before : axis.window)),
        RESTS_MS,
      );
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [axis]);
  return window;
}
