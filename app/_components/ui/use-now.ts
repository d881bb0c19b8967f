"use client";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const wholeSecond = () => Math.floor(Date.now() / 1000) * 1000;
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = wholeSecond();
    timer = setInterval(() => {
      now = wholeSecond();
      for (const wake of listeners) wake();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function current(): number {
  if (now === 0) now = wholeSecond();
  return now;
}

/**
 * The time, once a second, from one timer for the whole page. 0 while the server renders, since its clock and time
 * zone are not the reader's.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current, () => 0);
}
