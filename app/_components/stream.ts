"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import type { EpochMs } from "../../lib/domain/time.ts";
import type { WireAsset } from "../../lib/protocol/messages.ts";
import {
  keys,
  type RingBuffer,
  type SensorView,
  useCounters,
  useRealtimeStore,
  useSensorRing,
  useConnection as useStreamConnection,
} from "../_realtime/index.ts";
import { setClockOffset, toLocalTime, useNow } from "./ui/use-now.ts";

/** The stream at the pace at which people read: tables tick a few times a second, charts draw by themselves. */
export { useAlerts, useAsset, useHealth } from "../_realtime/index.ts";

const VALUES_MS = 250;
const LIST_MS = 1_000;

/** Listens to a key of the store, and renders at most once in `every_ms`; the last change is never left out. */
function usePaced<Value>(
  read: () => Value,
  subscribe: ((listener: () => void) => () => void) | undefined,
  every_ms: number,
): Value {
  const [, redraw] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    if (subscribe === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const show = () => {
      timer = undefined;
      last = performance.now();
      redraw((round) => round + 1);
    };
    const stop = subscribe(() => {
      const wait = last + every_ms - performance.now();
      if (wait <= 0) show();
      else timer ??= setTimeout(show, wait);
    });
    show();
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [subscribe, every_ms]);
  return read();
}

/** All assets by their ids, once a second; the first at once. Empty until the page has taken over. */
export function useAssets(): readonly WireAsset[] {
  const store = useRealtimeStore();
  const held = useRef<{ at: number; list: readonly WireAsset[] }>({ at: 0, list: [] });
  const subscribe = useMemo(() => (listener: () => void) => store.subscribe(keys.assets, listener), [store]);
  return usePaced(
    () => {
      // What other renders in between would see must be the same, or every row would be made anew.
      const now = typeof performance === "undefined" ? 0 : performance.now();
      if (held.current.list.length === 0 || now - held.current.at >= LIST_MS)
        held.current = { at: now, list: store.getSnapshot(keys.assets) };
      return held.current.list;
    },
    subscribe,
    LIST_MS,
  );
}

/** The newest reading of a sensor, at most four times a second. */
export function useLatest(asset_id: string, sensor_id: string | undefined): SensorView | undefined {
  const store = useRealtimeStore();
  const key = sensor_id === undefined ? undefined : keys.sensor(asset_id, sensor_id);
  const subscribe = useMemo(
    () => (key === undefined ? undefined : (listener: () => void) => store.subscribe(key, listener)),
    [store, key],
  );
  return usePaced(() => (key === undefined ? undefined : store.getSnapshot(key)), subscribe, VALUES_MS);
}

/** The recent readings of a sensor, for what draws by itself. */
export function useRing(asset_id: string, sensor_id: string): () => RingBuffer | undefined {
  return useSensorRing(asset_id, sensor_id);
}

/** A snapshot has come: an empty list means that there is nothing. */
export function useReady(): boolean {
  return useStreamConnection().ready;
}

export function useStreamNumbers(): { rate: number | null; p50_ms: number | null; p99_ms: number | null } {
  const { rate, p50_ms, p99_ms, last_reading_at } = useCounters();
  return { rate: last_reading_at === null ? null : rate, p50_ms, p99_ms };
}

export type ShownConnection = "live" | "connecting" | "recovering" | "stale" | "offline";

export interface ConnectionWords {
  shown: ShownConnection;
  live: boolean;
  /** The server will not have us before something changes. */
  denied: boolean;
  attempt: number;
  /** Seconds until the next attempt. */
  wait_s: number | undefined;
  /** When the last frame came, by this page's clock, while nothing comes any more. */
  stale_since: EpochMs | undefined;
  behind_ms: number;
  latency_ms: number | undefined;
  /** Readings that were made up for after a break, while that is news. */
  caught_up: number;
  reason: string | undefined;
  retry: () => void;
}

/** A break so short is only "recovering": resuming it loses nothing and is over before anyone has read the word. */
const STALE_AFTER_MS = 10_000;
/** How long it is said what a break was made up for with. */
const CAUGHT_UP_SHOWN_MS = 10_000;

/** How the stream stands, in the words of the frame. */
export function useConnection(): ConnectionWords {
  const connection = useStreamConnection();
  const { p50_ms } = useCounters();
  const now = useNow();
  const { state, been_live, attempt, retry_at, stale_since, reason, live, retry } = connection;
  const offset = connection.clock?.offset_ms;
  useEffect(() => {
    if (offset !== undefined) setClockOffset(offset);
  }, [offset]);
  const break_ = useRef({ caught_up: 0, over_at: 0 });
  if (!live) break_.current = { caught_up: connection.caught_up, over_at: 0 };
  else if (break_.current.over_at === 0) break_.current.over_at = now;
  const news = live && now - break_.current.over_at < CAUGHT_UP_SHOWN_MS;
  const behind = stale_since === null || now === 0 ? 0 : toLocalTime(now) - stale_since;
  const shown: ShownConnection = live
    ? stale_since === null
      ? "live"
      : "stale"
    : state === "denied" || state === "offline"
      ? "offline"
      : been_live
        ? behind > STALE_AFTER_MS
          ? "stale"
          : "recovering"
        : attempt > 1
          ? "offline"
          : "connecting";
  return {
    shown,
    live,
    denied: state === "denied",
    attempt,
    wait_s:
      retry_at === null || now === 0
        ? undefined
        : Math.max(0, Math.ceil((retry_at - toLocalTime(now)) / 1000)),
    stale_since: stale_since ?? undefined,
    behind_ms: behind,
    latency_ms: p50_ms ?? undefined,
    caught_up: news ? connection.caught_up - break_.current.caught_up : 0,
    reason: reason ?? undefined,
    retry,
  };
}
