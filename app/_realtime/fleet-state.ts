import type { Severity } from "../../lib/domain/alert.ts";
import { assetTypeOf } from "../../lib/domain/asset.ts";
import type { Quality } from "../../lib/domain/quality.ts";
import type { Reading } from "../../lib/domain/reading.ts";
import { type EpochMs, formatTimestamp } from "../../lib/domain/time.ts";
import type { HealthUpdate, WireAsset, WireHealth } from "../../lib/protocol/messages.ts";
import { RingBuffer } from "./ring-buffer.ts";

/** Newest readings kept of each sensor, and of those that a chart watches. */
export const RING_LIMIT = 600;
export const WATCHED_RING_LIMIT = 6_000;

export interface SensorState {
  readonly asset: AssetState;
  readonly sensor_id: string;
  sensor_type: string;
  unit: string;
  readings: number;
  first_at: EpochMs;
  /** The newest by its own time. */
  latest: { timestamp: EpochMs; received_at: EpochMs; value: number; quality: Quality };
  readonly ring: RingBuffer;
}

export interface AssetState {
  readonly asset_id: string;
  asset_type: string;
  received_at: EpochMs;
  health: WireHealth | undefined;
  open_alerts: Record<Severity, number>;
  /** In the order in which people count: S2 before S10. */
  readonly sensors: Map<string, SensorState>;
}

/** Assets, their sensors and health as the stream has shown them so far. */
export class FleetState {
  readonly assets = new Map<string, AssetState>();

  sensor(asset_id: string, sensor_id: string): SensorState | undefined {
    return this.assets.get(asset_id)?.sensors.get(sensor_id);
  }

  /** @returns the sensor that the reading changed */
  read(reading: Reading, received_at: EpochMs): SensorState {
    const asset = this.assetOf(reading.asset_id, received_at);
    const sensor = this.sensorOf(asset, reading.sensor_id, reading, received_at);
    const { timestamp, value, quality } = reading;
    sensor.readings++;
    sensor.first_at = Math.min(sensor.first_at, timestamp);
    if (timestamp > sensor.latest.timestamp) {
      sensor.latest = { timestamp, received_at, value, quality };
      sensor.unit = reading.unit;
      sensor.sensor_type = reading.sensor_type;
    }
    asset.received_at = Math.max(asset.received_at, received_at);
    sensor.ring.insert(timestamp, value, quality, received_at);
    return sensor;
  }

  judge({ data, timestamp, received_at }: HealthUpdate): AssetState {
    const asset = this.assetOf(data.asset_id, Date.parse(received_at));
    asset.health = { ...data, timestamp, received_at };
    return asset;
  }

  /** Takes what a snapshot or the API says of an asset; what is known here and newer stays. */
  merge(wire: WireAsset): AssetState {
    const received_at = Date.parse(wire.received_at);
    const asset = this.assetOf(wire.asset_id, received_at);
    asset.asset_type = wire.asset_type;
    asset.open_alerts = { ...wire.open_alerts };
    asset.received_at = Math.max(asset.received_at, received_at);
    const { health } = wire;
    if (health !== undefined && !isNewer(asset.health, health)) asset.health = health;
    for (const { sensor_id, sensor_type, unit, readings, first_at, latest } of wire.sensors) {
      const sensor = this.sensorOf(
        asset,
        sensor_id,
        { sensor_type, unit, ...latest, timestamp: Date.parse(latest.timestamp) },
        Date.parse(latest.received_at),
      );
      sensor.readings = Math.max(sensor.readings, readings);
      sensor.first_at = Math.min(sensor.first_at, Date.parse(first_at));
      const timestamp = Date.parse(latest.timestamp);
      if (timestamp > sensor.latest.timestamp)
        sensor.latest = { ...latest, timestamp, received_at: Date.parse(latest.received_at) };
      sensor.ring.insert(timestamp, latest.value, latest.quality, Date.parse(latest.received_at));
    }
    return asset;
  }

  forgetReadings(): void {
    for (const asset of this.assets.values()) asset.sensors.clear();
    this.forgetEmpty();
  }

  forgetHealth(): void {
    for (const asset of this.assets.values()) asset.health = undefined;
    this.forgetEmpty();
  }

  private forgetEmpty(): void {
    for (const [asset_id, { sensors, health }] of this.assets)
      if (sensors.size === 0 && health === undefined) this.assets.delete(asset_id);
  }

  private assetOf(asset_id: string, received_at: EpochMs): AssetState {
    let asset = this.assets.get(asset_id);
    if (asset === undefined) {
      asset = {
        asset_id,
        asset_type: assetTypeOf(asset_id),
        received_at,
        health: undefined,
        open_alerts: { info: 0, warning: 0, critical: 0 },
        sensors: new Map(),
      };
      this.assets.set(asset_id, asset);
    }
    return asset;
  }

  private sensorOf(
    asset: AssetState,
    sensor_id: string,
    of: Pick<Reading, "sensor_type" | "unit" | "value" | "quality" | "timestamp">,
    received_at: EpochMs,
  ): SensorState {
    let sensor = asset.sensors.get(sensor_id);
    if (sensor === undefined) {
      const { timestamp, value, quality } = of;
      sensor = {
        asset,
        sensor_id,
        sensor_type: of.sensor_type,
        unit: of.unit,
        readings: 0,
        first_at: timestamp,
        latest: { timestamp, received_at, value, quality },
        ring: new RingBuffer(RING_LIMIT),
      };
      insertInOrder(asset.sensors, sensor_id, sensor);
    }
    return sensor;
  }
}

const counted = new Intl.Collator("en", { numeric: true });

/** Sorts when a key comes in, which is seldom, and not when the map is read, which is often. */
function insertInOrder<T>(map: Map<string, T>, key: string, value: T): void {
  const after = [...map].filter(([other]) => counted.compare(other, key) > 0);
  map.set(key, value);
  for (const [other, kept] of after) {
    map.delete(other);
    map.set(other, kept);
  }
}

function isNewer(a: WireHealth | undefined, than: WireHealth): boolean {
  return a !== undefined && Date.parse(a.timestamp) > Date.parse(than.timestamp);
}

const byId =
  <T>(id: (item: T) => string) =>
  (a: T, b: T) =>
    id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0;

/** An asset in the form in which the API gives it. */
export function wireAsset(asset: AssetState): WireAsset {
  const { asset_id, asset_type, received_at, health, open_alerts } = asset;
  return {
    asset_id,
    asset_type,
    received_at: formatTimestamp(received_at),
    ...(health !== undefined && { health }),
    open_alerts: { ...open_alerts },
    sensors: [...asset.sensors.values()].map(
      ({ sensor_id, sensor_type, unit, readings, first_at, latest }) => ({
        sensor_id,
        sensor_type,
        unit,
        readings,
        first_at: formatTimestamp(first_at),
        latest: {
          ...latest,
          timestamp: formatTimestamp(latest.timestamp),
          received_at: formatTimestamp(latest.received_at),
        },
      }),
    ),
  };
}

export const byAssetId = byId(({ asset_id }: { asset_id: string }) => asset_id);
