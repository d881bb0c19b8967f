"use client";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
/** This machine's clock minus the server's, ms. */
let offset = 0;
const wholeSecond = () => Math.floor((Date.now() - offset) / 1000) * 1000;
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

/** Ages are those by the server's clock, however wrong this machine's is. */
export function setClockOffset(ms: number): void {
  offset = ms;
}

/** A time of the server's clock by this machine's. */
export function toLocalTime(at: number): number {
  return at + offset;
}

/**
 * The server's time, once a second, from one timer for the whole page. 0 while the server renders, since its clock and time
 * zone are not the reader's.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current, () => 0);
}
