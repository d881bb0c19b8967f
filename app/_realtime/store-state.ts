import { AlertState } from "./alert-state.ts";
import type { RealtimeClient } from "./client.ts";
import { byAssetId, FleetState, type SensorState, wireAsset } from "./fleet-state.ts";
import { StoreCounts } from "./store-counts.ts";
import {
  type ConnectionView,
  keys,
  type PublishedMessage,
  SEPARATOR,
  type SensorView,
  type Snapshot,
  type StoreKey,
} from "./store-keys.ts";
import type { BrowserClock } from "./transport.ts";
import { Watches } from "./watches.ts";

/** What the stream has shown so far, and each key's view of it. */
export class StoreState {
  readonly fleet = new FleetState();
  readonly alerts = new AlertState();
  readonly counts = new StoreCounts();
  readonly watches = new Watches(this.fleet);
  /** A snapshot has come. */
  ready = false;
  /** Makes the newest message; only somebody who asks for it pays for it. */
  last: (() => PublishedMessage) | undefined;

  constructor(
    private readonly client: RealtimeClient,
    private readonly clock: BrowserClock,
  ) {}

  /** @param known gives views that are made already, so that a list holds the very objects that their own keys do */
  view(key: StoreKey, known: <Key extends StoreKey>(key: Key) => Snapshot<Key>): unknown {
    switch (key) {
      case "connection":
        return this.connection();
      case "counters":
        return this.counts.counters(this.clock.now(), this.client.received_bytes);
      case "assets":
        return [...this.fleet.assets.keys()]
          .flatMap((asset_id) => known(keys.asset(asset_id)) ?? [])
          .sort(byAssetId);
      case "alerts":
        return this.alerts.list();
      case "message":
        return this.last?.() ?? null;
    }
    const id = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("health:")) return this.fleet.assets.get(id)?.health;
    if (key.startsWith("asset:")) {
      const asset = this.fleet.assets.get(id);
      return asset && wireAsset(asset);
    }
    const [asset_id = "", sensor_id = ""] = id.split(SEPARATOR);
    return sensorView(this.fleet.sensor(asset_id, sensor_id));
  }

  private connection(): ConnectionView {
    const info = this.client.connection();
    const live = info.state === "live";
    return { ...info, live, ready: this.ready, stale_since: live ? info.stalled_since : info.last_frame_at };
  }
}

function sensorView(sensor: SensorState | undefined): SensorView | undefined {
  if (sensor === undefined) return undefined;
  const { asset, sensor_id, sensor_type, unit, latest, ring } = sensor;
  return { asset_id: asset.asset_id, sensor_id, sensor_type, unit, ...latest, version: ring.version };
}
