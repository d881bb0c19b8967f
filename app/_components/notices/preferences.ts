"use client";
import { useSyncExternalStore } from "react";

/** Of which new alerts the reader wants to hear. */
export const LOUDNESS = ["off", "critical", "all"] as const;
export type Loudness = (typeof LOUDNESS)[number];
export type NoticeWay = "sound" | "desktop";

const listeners = new Set<() => void>();
const unkept: Partial<Record<NoticeWay, Loudness>> = {};

function read(way: NoticeWay): Loudness {
  try {
    return LOUDNESS.find((one) => one === localStorage.getItem(`foresight-${way}`)) ?? unkept[way] ?? "off";
  } catch {
    return unkept[way] ?? "off";
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** Kept in this browser, and the same in all its tabs. */
export function setLoudness(way: NoticeWay, loudness: Loudness): void {
  unkept[way] = loudness;
  try {
    localStorage.setItem(`foresight-${way}`, loudness);
  } catch {
    // Kept until the page is left.
  }
  for (const listener of listeners) listener();
}

export function useLoudness(way: NoticeWay): Loudness {
  return useSyncExternalStore(
    subscribe,
    () => read(way),
    () => "off",
  );
}
