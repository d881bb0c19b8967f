import type { Severity } from "../../lib/domain/alert.ts";
import type { Quality, Reading } from "../../lib/domain/reading.ts";
import type { EpochMs } from "../../lib/domain/time.ts";
import type {
  AlertMessage,
  Channel,
  HealthUpdate,
  SensorUpdate,
  WireAlert,
  WireAsset,
  WireHealth,
} from "../../lib/protocol/messages.ts";
import { AlertState, alertOf } from "./alert-state.ts";
import type { ClientEvent, ConnectionInfo, RealtimeClient } from "./client.ts";
import {
  type AssetState,
  byAssetId,
  FleetState,
  RING_LIMIT,
  type SensorState,
  WATCHED_RING_LIMIT,
  wireAsset,
} from "./fleet-state.ts";
import { browserFrames, type FrameSchedule } from "./frame-schedule.ts";
import { Notifier } from "./notifier.ts";
import { updateOf } from "./readings.ts";
import type { RingBuffer } from "./ring-buffer.ts";
import { type Second, StreamStatistics } from "./statistics.ts";
import { type BrowserClock, systemTimers, type Timers } from "./transport.ts";

/** A message in the published form. */
export type PublishedMessage = SensorUpdate | AlertMessage | HealthUpdate;

export interface ConnectionView extends ConnectionInfo {
  live: boolean;
  /** A snapshot has come: what is shown is all there is. */
  ready: boolean;
  /** Time of the last frame, while nothing comes any more. */
  stale_since: EpochMs | null;
}

export interface SensorView {
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
  value: number;
  quality: Quality;
  /** The reading's own time. */
  timestamp: EpochMs;
  /** When the log took it, by the server's clock; its age is `store.serverNow()` minus this. */
  received_at: EpochMs;
  /** Rises with every reading of the sensor, late ones too. */
  version: number;
}

export interface Counters {
  /** Since the store was made, each reading once. */
  readings: number;
  duplicates: number;
  alerts: number;
  critical_alerts: number;
  health: number;
  conflated: number;
  bytes: number;
  /** Readings a second over the last ten. */
  rate: number;
  p50_ms: number | null;
  p99_ms: number | null;
  last_reading_at: EpochMs | null;
  last_alert_at: EpochMs | null;
  /** The last two minutes by the second. */
  history: Second[];
}

const SEPARATOR = "\u0000";

/** Names what can be subscribed to. Ids hold no control characters, so the separator is none of theirs. */
export const keys = {
  connection: "connection",
  counters: "counters",
  assets: "assets",
  alerts: "alerts",
  message: "message",
  asset: (asset_id: string) => `asset:${asset_id}` as const,
  health: (asset_id: string) => `health:${asset_id}` as const,
  sensor: (asset_id: string, sensor_id: string) => `sensor:${asset_id}${SEPARATOR}${sensor_id}` as const,
} as const;

export type StoreKey =
  | "connection"
  | "counters"
  | "assets"
  | "alerts"
  | "message"
  | `asset:${string}`
  | `health:${string}`
  | `sensor:${string}`;

/** What `getSnapshot` gives for a key. All of it is immutable. */
export type Snapshot<Key extends StoreKey> = Key extends "connection"
  ? ConnectionView
  : Key extends "counters"
    ? Counters
    : Key extends "assets"
      ? readonly WireAsset[]
      : Key extends "alerts"
        ? readonly WireAlert[]
        : Key extends "message"
          ? PublishedMessage | null
          : Key extends `asset:${string}`
            ? WireAsset | undefined
            : Key extends `health:${string}`
              ? WireHealth | undefined
              : SensorView | undefined;

export interface RealtimeStore {
  readonly client: RealtimeClient;
  /** The listener is called at most once a frame, after the key's snapshot has changed. */
  subscribe(key: StoreKey, listener: () => void): () => void;
  getSnapshot<Key extends StoreKey>(key: Key): Snapshot<Key>;
  /** Every message in its published form, none left out, as it comes; for charts and logs rather than for React state. */
  subscribeMessages(listener: (message: PublishedMessage) => void): () => void;
  /** The newest readings of a sensor; another object after a reset, so ask again. */
  ring(asset_id: string, sensor_id: string): RingBuffer | undefined;
  /** Keeps more of the sensor's readings while someone watches. */
  watch(asset_id: string, sensor_id: string): () => void;
  /** Takes alerts that the API gave; newer states that are known here stay. */
  mergeAlerts(alerts: readonly WireAlert[]): void;
  mergeAssets(assets: readonly WireAsset[]): void;
  serverNow(): EpochMs;
  /** Tells now what would be told at the next frame. */
  flush(): void;
  /** Listens to the client from now on. */
  start(): void;
  stop(): void;
}

export interface RealtimeStoreOptions {
  frames?: FrameSchedule;
  timers?: Timers;
  clock?: BrowserClock;
}

const SLOW = (key: StoreKey) => key === "counters" || key === "assets" || key.startsWith("asset:");

/**
 * What the stream has shown, outside React: the newest of everything, the recent readings of each sensor in rings,
 * every alert. Messages are taken in as they come, so nothing waits in memory in a hidden tab; listeners are told
 * once a frame, by key.
 */
export function createRealtimeStore(
  client: RealtimeClient,
  options: RealtimeStoreOptions = {},
): RealtimeStore {
  const clock = options.clock ?? { now: () => Date.now() };
  const timers = options.timers ?? systemTimers;
  const fleet = new FleetState();
  const alerts = new AlertState();
  const statistics = new StreamStatistics();
  const watched = new Map<string, number>();
  const messageListeners = new Set<(message: PublishedMessage) => void>();
  const touchedSensors = new Set<SensorState>();
  /** Reset, but still shown until what takes its place is there. */
  const outdated = new Set<Channel>();
  const counts = { readings: 0, duplicates: 0, alerts: 0, critical_alerts: 0, health: 0, conflated: 0 };
  let last_reading_at: EpochMs | null = null;
  let last_alert_at: EpochMs | null = null;
  let ready = false;
  let shown_caught_up = 0;
  let last: (() => PublishedMessage) | undefined;
  let stopListening: (() => void) | undefined;
  let cancelSecond: (() => void) | undefined;

  const notifier = new Notifier<StoreKey>(
    build,
    (key) => (SLOW(key) ? "slow" : "frame"),
    options.frames ?? browserFrames,
    timers,
    clock.now,
    touchSensors,
  );

  function build(key: StoreKey): unknown {
    switch (key) {
      case "connection":
        return connectionView();
      case "counters":
        return counters();
      case "assets":
        return [...fleet.assets.keys()]
          .map((asset_id) => notifier.get(keys.asset(asset_id)) as WireAsset)
          .sort(byAssetId);
      case "alerts":
        return alerts.list();
      case "message":
        return last?.() ?? null;
    }
    const id = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("health:")) return fleet.assets.get(id)?.health;
    if (key.startsWith("asset:")) {
      const asset = fleet.assets.get(id);
      return asset && wireAsset(asset);
    }
    const [asset_id = "", sensor_id = ""] = id.split(SEPARATOR);
    return sensorView(fleet.sensor(asset_id, sensor_id));
  }

  function connectionView(): ConnectionView {
    const info = client.connection();
    const live = info.state === "live";
    return { ...info, live, ready, stale_since: live ? null : info.last_frame_at };
  }

  function counters(): Counters {
    const now = clock.now();
    return {
      ...counts,
      bytes: client.received_bytes,
      rate: statistics.rate(now),
      ...statistics.latency(now),
      last_reading_at,
      last_alert_at,
      history: statistics.history(now),
    };
  }

  /** Keys are made once a flush, not once a reading. */
  function touchSensors(): void {
    if (touchedSensors.size === 0) return;
    const assets = new Set<AssetState>();
    for (const { asset, sensor_id } of touchedSensors) {
      notifier.touch(keys.sensor(asset.asset_id, sensor_id));
      assets.add(asset);
    }
    for (const asset of assets) touchAsset(asset);
    touchedSensors.clear();
    notifier.touch("message");
    notifier.touch("counters");
  }

  function touchAsset({ asset_id }: AssetState): void {
    notifier.touch(keys.asset(asset_id));
    notifier.touch("assets");
  }

  function take(event: ClientEvent): void {
    switch (event.type) {
      case "readings":
        clearIfOutdated("sensor_data");
        takeReadings(event.tenant_id, event.readings, event.received_at);
        break;
      case "alert":
        clearIfOutdated("alerts");
        counts.alerts += event.message.type === "alert_triggered" ? 1 : 0;
        if (event.message.type === "alert_triggered") {
          last_alert_at = clock.now();
          if (event.message.data.severity === "critical") counts.critical_alerts++;
        }
        takeAlert(alertOf(event.message), true);
        publish(event.message);
        break;
      case "health":
        clearIfOutdated("health_scores");
        counts.health++;
        touchAsset(fleet.judge(event.message));
        notifier.touch(keys.health(event.message.data.asset_id));
        publish(event.message);
        break;
      case "snapshot":
        for (const channel of event.message.channels) clearIfOutdated(channel);
        ready = true;
        event.message.assets.forEach(mergeAsset);
        for (const alert of event.message.alerts) takeAlert(alert, false);
        notifier.touch("connection");
        break;
      case "reset":
        outdated.add(event.channel);
        notifier.touch("connection");
        break;
      case "duplicates":
        counts.duplicates += event.count;
        break;
      case "conflated":
        counts.conflated += event.dropped;
        break;
      case "connection":
        notifier.touch("connection");
        break;
    }
    notifier.touch("counters");
  }

  function takeReadings(tenant_id: string, readings: Reading[], received_at: EpochMs[]): void {
    const now = clock.now();
    const { clock: difference, caught_up } = client.connection();
    const offset = difference?.offset_ms;
    if (caught_up !== shown_caught_up) {
      shown_caught_up = caught_up;
      notifier.touch("connection");
    }
    for (const [i, reading] of readings.entries()) {
      const received = received_at[i]!;
      const sensor = fleet.read(reading, received);
      if (sensor.readings === 1) applyWatch(sensor);
      touchedSensors.add(sensor);
      statistics.add(now, offset === undefined ? undefined : Math.max(0, now - offset - received));
    }
    counts.readings += readings.length;
    last_reading_at = now;
    const newest = readings.length - 1;
    last = () => updateOf(tenant_id, readings[newest]!, received_at[newest]!);
    for (const listener of messageListeners)
      for (const [i, reading] of readings.entries()) listener(updateOf(tenant_id, reading, received_at[i]!));
  }

  function takeAlert(alert: WireAlert, counted: boolean): void {
    const change = alerts.put(alert);
    if (change === undefined) return;
    notifier.touch("alerts");
    const asset = fleet.assets.get(alert.asset_id);
    if (asset === undefined || !counted) return;
    const by = { info: 0, warning: 0, critical: 0 } satisfies Record<Severity, number>;
    if (change.before !== undefined && change.before.state !== "resolved") by[change.before.severity]--;
    if (alert.state !== "resolved") by[alert.severity]++;
    for (const severity of ["info", "warning", "critical"] as const)
      asset.open_alerts[severity] = Math.max(0, asset.open_alerts[severity] + by[severity]);
    touchAsset(asset);
  }

  function mergeAsset(wire: WireAsset): void {
    const asset = fleet.merge(wire);
    for (const sensor of asset.sensors.values()) {
      applyWatch(sensor);
      touchedSensors.add(sensor);
    }
    notifier.touch(keys.health(asset.asset_id));
    touchAsset(asset);
  }

  function publish(message: PublishedMessage): void {
    last = () => message;
    for (const listener of messageListeners) listener(message);
    notifier.touch("message");
  }

  function clearIfOutdated(channel: Channel): void {
    if (!outdated.delete(channel)) return;
    if (channel === "sensor_data") {
      fleet.forgetReadings();
      touchedSensors.clear();
    }
    if (channel === "health_scores") fleet.forgetHealth();
    if (channel === "alerts") alerts.clear();
    notifier.touchAll();
  }

  function applyWatch({ asset, sensor_id, ring }: SensorState): void {
    if (watched.has(keys.sensor(asset.asset_id, sensor_id))) ring.resize(WATCHED_RING_LIMIT);
  }

  /** Rate and ages change although nothing comes. */
  function everySecond(): void {
    cancelSecond = timers.set(() => {
      if (notifier.hasListeners("counters")) notifier.touch("counters");
      everySecond();
    }, 1_000);
  }

  return {
    client,
    subscribe: (key, listener) => notifier.subscribe(key, listener),
    getSnapshot: <Key extends StoreKey>(key: Key) => notifier.get(key) as Snapshot<Key>,
    subscribeMessages(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    ring: (asset_id, sensor_id) => fleet.sensor(asset_id, sensor_id)?.ring,
    watch(asset_id, sensor_id) {
      const key = keys.sensor(asset_id, sensor_id);
      watched.set(key, (watched.get(key) ?? 0) + 1);
      fleet.sensor(asset_id, sensor_id)?.ring.resize(WATCHED_RING_LIMIT);
      let over = false;
      return () => {
        if (over) return;
        over = true;
        const left = watched.get(key)! - 1;
        if (left > 0) watched.set(key, left);
        else {
          watched.delete(key);
          fleet.sensor(asset_id, sensor_id)?.ring.resize(RING_LIMIT);
        }
      };
    },
    mergeAlerts(list) {
      for (const alert of list) takeAlert(alert, false);
    },
    mergeAssets(list) {
      list.forEach(mergeAsset);
    },
    serverNow: () => client.serverNow(),
    flush: () => notifier.flush(),
    start() {
      if (stopListening !== undefined) return;
      stopListening = client.on(take);
      notifier.touch("connection");
      everySecond();
    },
    stop() {
      stopListening?.();
      stopListening = undefined;
      cancelSecond?.();
      notifier.stop();
    },
  };
}

function sensorView(sensor: SensorState | undefined): SensorView | undefined {
  if (sensor === undefined) return undefined;
  const { asset, sensor_id, sensor_type, unit, latest, ring } = sensor;
  return { asset_id: asset.asset_id, sensor_id, sensor_type, unit, ...latest, version: ring.version };
}
