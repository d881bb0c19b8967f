import type { Severity } from "../../lib/domain/alert.ts";
import type { Reading } from "../../lib/domain/reading.ts";
import type { EpochMs } from "../../lib/domain/time.ts";
import type { Channel, WireAlert, WireAsset } from "../../lib/protocol/messages.ts";
import { alertOf } from "./alert-state.ts";
import type { ClientEvent, RealtimeClient } from "./client.ts";
import type { AssetState, SensorState } from "./fleet-state.ts";
import { updateOf } from "./readings.ts";
import type { ShownUnits } from "./shown-units.ts";
import { keys, type PublishedMessage, type StoreKey } from "./store-keys.ts";
import type { StoreState } from "./store-state.ts";
import type { BrowserClock } from "./transport.ts";

/** Who is told that a key's view has changed. */
export interface Touch {
  touch(key: StoreKey): void;
  touchAll(): void;
}

/**
 * Takes what the client hears into the state, in the units that are shown, and touches what it changed. Messages are
 * told to listeners as they came.
 */
export class StoreIntake {
  readonly listeners = new Set<(message: PublishedMessage) => void>();
  private readonly touchedSensors = new Set<SensorState>();
  /** Reset, but still shown until what takes its place is there. */
  private readonly outdated = new Set<Channel>();
  private shown_caught_up = 0;

  constructor(
    private readonly state: StoreState,
    private readonly client: RealtimeClient,
    private readonly clock: BrowserClock,
    private readonly changed: Touch,
    private readonly units: ShownUnits,
  ) {}

  take(event: ClientEvent): void {
    const { counts } = this.state;
    switch (event.type) {
      case "readings":
        this.clearIfOutdated("sensor_data");
        this.takeReadings(event.tenant_id, event.readings, event.received_at);
        break;
      case "alert":
        this.clearIfOutdated("alerts");
        counts.alert(this.clock.now(), event.message);
        this.takeAlert(alertOf(event.message), true);
        this.publish(event.message);
        break;
      case "health":
        this.clearIfOutdated("health_scores");
        counts.add("health", 1);
        this.touchAsset(this.state.fleet.judge(event.message));
        this.changed.touch(keys.health(event.message.data.asset_id));
        this.publish(event.message);
        break;
      case "snapshot":
        for (const channel of event.message.channels) this.clearIfOutdated(channel);
        this.state.ready = true;
        for (const asset of event.message.assets) this.mergeAsset(asset);
        for (const alert of event.message.alerts) this.takeAlert(alert, false);
        this.changed.touch("connection");
        break;
      case "reset":
        this.outdated.add(event.channel);
        this.changed.touch("connection");
        break;
      case "duplicates":
        counts.add("duplicates", event.count);
        break;
      case "conflated":
        counts.add("conflated", event.dropped);
        break;
      case "connection":
        this.changed.touch("connection");
        break;
    }
    this.changed.touch("counters");
  }

  /** @param counted moves the asset's count of open alerts, which a snapshot or the API has counted already */
  takeAlert(alert: WireAlert, counted: boolean): void {
    const change = this.state.alerts.put(this.units.alert(alert));
    if (change === undefined) return;
    this.changed.touch("alerts");
    const asset = this.state.fleet.assets.get(alert.asset_id);
    if (asset === undefined || !counted) return;
    const by = { info: 0, warning: 0, critical: 0 } satisfies Record<Severity, number>;
    if (change.before !== undefined && change.before.state !== "resolved") by[change.before.severity]--;
    if (alert.state !== "resolved") by[alert.severity]++;
    for (const severity of ["info", "warning", "critical"] as const)
      asset.open_alerts[severity] = Math.max(0, asset.open_alerts[severity] + by[severity]);
    this.touchAsset(asset);
  }

  mergeAsset(wire: WireAsset): void {
    const asset = this.state.fleet.merge(this.units.asset(wire));
    for (const sensor of asset.sensors.values()) {
      this.state.watches.apply(sensor);
      this.touchedSensors.add(sensor);
    }
    this.changed.touch(keys.health(asset.asset_id));
    this.touchAsset(asset);
  }

  /** Keys are made once a flush, not once a reading. */
  touchSensors(): void {
    if (this.touchedSensors.size === 0) return;
    const assets = new Set<AssetState>();
    for (const { asset, sensor_id } of this.touchedSensors) {
      this.changed.touch(keys.sensor(asset.asset_id, sensor_id));
      assets.add(asset);
    }
    for (const asset of assets) this.touchAsset(asset);
    this.touchedSensors.clear();
    this.changed.touch("message");
    this.changed.touch("counters");
  }

  private takeReadings(tenant_id: string, readings: Reading[], received_at: EpochMs[]): void {
    const { fleet, watches, counts } = this.state;
    const { clock: difference, caught_up } = this.client.connection();
    if (caught_up !== this.shown_caught_up) {
      this.shown_caught_up = caught_up;
      this.changed.touch("connection");
    }
    for (const [i, reading] of readings.entries()) {
      const sensor = fleet.read(this.units.reading(reading), received_at[i]!);
      if (sensor.readings === 1) watches.apply(sensor);
      this.touchedSensors.add(sensor);
    }
    counts.readings(this.clock.now(), received_at, difference?.offset_ms);
    const newest = readings.length - 1;
    this.state.last = () => updateOf(tenant_id, readings[newest]!, received_at[newest]!);
    for (const listener of this.listeners)
      for (const [i, reading] of readings.entries()) listener(updateOf(tenant_id, reading, received_at[i]!));
  }

  private publish(message: PublishedMessage): void {
    this.state.last = () => message;
    for (const listener of this.listeners) listener(message);
    this.changed.touch("message");
  }

  private touchAsset({ asset_id }: AssetState): void {
    this.changed.touch(keys.asset(asset_id));
    this.changed.touch("assets");
  }

  private clearIfOutdated(channel: Channel): void {
    if (!this.outdated.delete(channel)) return;
    if (channel === "sensor_data") {
      this.state.fleet.forgetReadings();
      this.touchedSensors.clear();
    }
    if (channel === "health_scores") this.state.fleet.forgetHealth();
    if (channel === "alerts") this.state.alerts.clear();
    this.changed.touchAll();
  }
}
