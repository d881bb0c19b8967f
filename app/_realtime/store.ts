import type { EpochMs } from "../../lib/domain/time.ts";
import type { WireAlert, WireAsset } from "../../lib/protocol/messages.ts";
import type { RealtimeClient } from "./client.ts";
import { browserFrames, type FrameSchedule } from "./frame-schedule.ts";
import { Notifier } from "./notifier.ts";
import type { RingBuffer } from "./ring-buffer.ts";
import { type ShownUnits, UNITS_AS_THEY_COME } from "./shown-units.ts";
import { StoreIntake } from "./store-intake.ts";
import type { PublishedMessage, Snapshot, StoreKey } from "./store-keys.ts";
import { StoreState } from "./store-state.ts";
import { type BrowserClock, systemTimers, type Timers } from "./transport.ts";

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
  /** The units that its state has; `subscribeMessages` always tells those that came. */
  units?: ShownUnits;
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
  const state = new StoreState(client, clock);
  const getSnapshot = <Key extends StoreKey>(key: Key) => notifier.get(key) as Snapshot<Key>;
  const notifier: Notifier<StoreKey> = new Notifier(
    (key) => state.view(key, getSnapshot),
    (key) => (SLOW(key) ? "slow" : "frame"),
    options.frames ?? browserFrames,
    timers,
    clock.now,
    () => intake.touchSensors(),
  );
  const intake = new StoreIntake(state, client, clock, notifier, options.units ?? UNITS_AS_THEY_COME);
  let stopListening: (() => void) | undefined;
  let cancelSecond: (() => void) | undefined;

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
    getSnapshot,
    subscribeMessages(listener) {
      intake.listeners.add(listener);
      return () => intake.listeners.delete(listener);
    },
    ring: (asset_id, sensor_id) => state.fleet.sensor(asset_id, sensor_id)?.ring,
    watch: (asset_id, sensor_id) => state.watches.add(asset_id, sensor_id),
    mergeAlerts(list) {
      for (const alert of list) intake.takeAlert(alert, false);
    },
    mergeAssets(list) {
      for (const asset of list) intake.mergeAsset(asset);
    },
    serverNow: () => client.serverNow(),
    flush: () => notifier.flush(),
    start() {
      if (stopListening !== undefined) return;
      stopListening = client.on((event) => intake.take(event));
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
