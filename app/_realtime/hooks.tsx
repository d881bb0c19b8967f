"use client";
import { use, useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { AlertState, Severity } from "../../lib/domain/alert.ts";
import type { ClientMessage } from "../../lib/protocol/client-message.ts";
import type { WireAlert, WireAsset, WireHealth } from "../../lib/protocol/messages.ts";
import { createRealtimeClient } from "./client.ts";
import type { ConnectionState } from "./connection-machine.ts";
import { StoreContext, useRealtimeStore } from "./provider.tsx";
import type { RingBuffer } from "./ring-buffer.ts";
import { keepConnected, type StoreTarget, sharedStore } from "./shared-stores.ts";
import { createRealtimeStore, type RealtimeStore } from "./store.ts";
import {
  type ConnectionView,
  type Counters,
  keys,
  type PublishedMessage,
  type SensorView,
  type Snapshot,
  type StoreKey,
} from "./store-keys.ts";
import { connectionName } from "./words.ts";

let empty: RealtimeStore | undefined;

/** What is shown while the server renders and until the page has taken over: nothing yet. */
function emptySnapshot<Key extends StoreKey>(key: Key): Snapshot<Key> {
  empty ??= createRealtimeStore(createRealtimeClient());
  return empty.getSnapshot(key);
}

/** The present snapshot of one key; renders again when it changes, at most once a frame. */
export function useStoreKey<Key extends StoreKey>(store: RealtimeStore, key: Key): Snapshot<Key> {
  const subscribe = useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]);
  return useSyncExternalStore(
    subscribe,
    () => store.getSnapshot(key),
    () => emptySnapshot(key),
  );
}

/** The newest reading of a sensor, or `undefined` before there is one. Its age is `store.serverNow() - received_at`. */
export function useSensor(asset_id: string, sensor_id: string): SensorView | undefined {
  return useStoreKey(useRealtimeStore(), keys.sensor(asset_id, sensor_id));
}

/**
 * The recent readings of a sensor, for a chart that draws by itself: a function that gives the ring as it is now, and
 * that stays the same. While the component is shown, more readings of the sensor are kept.
 */
export function useSensorRing(asset_id: string, sensor_id: string): () => RingBuffer | undefined {
  const store = useRealtimeStore();
  useEffect(() => store.watch(asset_id, sensor_id), [store, asset_id, sensor_id]);
  return useCallback(() => store.ring(asset_id, sensor_id), [store, asset_id, sensor_id]);
}

/** An asset with its sensors, health and open alerts, four times a second at most. */
export function useAsset(asset_id: string): WireAsset | undefined {
  return useStoreKey(useRealtimeStore(), keys.asset(asset_id));
}

/** All assets by their ids. One that did not change is the same object as before. */
export function useAssets(): readonly WireAsset[] {
  return useStoreKey(useRealtimeStore(), keys.assets);
}

export interface AlertFilter {
  asset_id?: string;
  severity?: Severity | readonly Severity[];
  state?: AlertState | readonly AlertState[];
}

const oneOf = <T,>(wanted: T | readonly T[] | undefined, value: T): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);

export function filterAlerts(alerts: readonly WireAlert[], filter: AlertFilter): readonly WireAlert[] {
  return alerts.filter(
    ({ asset_id, severity, state }) =>
      oneOf(filter.asset_id, asset_id) && oneOf(filter.severity, severity) && oneOf(filter.state, state),
  );
}

/** The alerts as they are now, the last raised first. */
export function useAlerts(filter?: AlertFilter): readonly WireAlert[] {
  const alerts = useStoreKey(useRealtimeStore(), keys.alerts);
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter by what it says, not by which object says it
  return useMemo(() => (filter === undefined ? alerts : filterAlerts(alerts, filter)), [alerts, key]);
}

export function useHealth(asset_id: string): WireHealth | undefined {
  return useStoreKey(useRealtimeStore(), keys.health(asset_id));
}

export interface ConnectionControls {
  /** The state in one word. */
  name: string;
  /** Tries now instead of at `retry_at`. */
  retry(): void;
}

/** How the stream stands: `state`, `attempt`, `retry_at`, `stale_since`, `reason`, the clocks' difference. */
export function useConnection(): ConnectionView & ConnectionControls {
  const store = useRealtimeStore();
  const view = useStoreKey(store, keys.connection);
  return useMemo(
    () => ({ ...view, name: connectionName(view.state), retry: () => store.client.retry() }),
    [view, store],
  );
}

/** Readings, rate and latency, four times a second at most. */
export function useCounters(): Counters {
  return useStoreKey(useRealtimeStore(), keys.counters);
}

/** Calls back for every message, none left out, in its published form; renders nothing. */
export function useMessages(listener: (message: PublishedMessage) => void): void {
  useMessagesOf(useRealtimeStore(), listener);
}

function useMessagesOf(store: RealtimeStore, listener?: (message: PublishedMessage) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  // Messages are written out in full for who listens, so nobody listens without need.
  const wanted = listener !== undefined;
  useEffect(
    () => (wanted ? store.subscribeMessages((message) => latest.current?.(message)) : undefined),
    [store, wanted],
  );
}

export interface RealtimeOptions {
  /** Called for every message: `lastMessage` shows only the last one of a frame. */
  onMessage?: (message: PublishedMessage) => void;
  /** Origin of the server; the page's own where absent. */
  url?: string;
}

export interface Realtime {
  connected: boolean;
  /** In the published form; changes once a frame at most. */
  lastMessage: PublishedMessage | null;
  status: ConnectionState;
  /** Why it is not connected, in words. */
  error: string | null;
  alerts: readonly WireAlert[];
  /** @returns whether it could be sent */
  send(message: ClientMessage): boolean;
  /** Every message, none left out. Returns how to stop. */
  subscribeMessages(listener: (message: PublishedMessage) => void): () => void;
  retry(): void;
  store: RealtimeStore;
}

/**
 * The stream in one hook. Inside a `RealtimeProvider` and without arguments it uses the provider's connection;
 * otherwise it has one of its own, shared by all that ask for the same tenant and token.
 */
export function useRealtime(tenant_id?: string, token?: string, options: RealtimeOptions = {}): Realtime {
  const { onMessage, url } = options;
  const provided = use(StoreContext);
  const own = provided === null || tenant_id !== undefined || token !== undefined || url !== undefined;
  const target = useMemo<StoreTarget>(() => ({ tenant_id, token, url }), [tenant_id, token, url]);
  const store = useMemo(() => (own ? sharedStore(target) : provided), [own, target, provided]);
  useEffect(() => (own ? keepConnected(target, store) : undefined), [own, target, store]);
  useMessagesOf(store, onMessage);

  const connection = useStoreKey(store, keys.connection);
  const lastMessage = useStoreKey(store, keys.message);
  const alerts = useStoreKey(store, keys.alerts);
  return useMemo(
    () => ({
      connected: connection.live,
      lastMessage,
      status: connection.state,
      error: connection.live ? null : connection.reason,
      alerts,
      send: (message) => store.client.send(message),
      subscribeMessages: (listener) => store.subscribeMessages(listener),
      retry: () => store.client.retry(),
      store,
    }),
    [connection, lastMessage, alerts, store],
  );
}

/** The hook's second name. */
export const useWebSocket = useRealtime;
