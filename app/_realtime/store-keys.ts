import type { Quality } from "../../lib/domain/quality.ts";
import type { EpochMs } from "../../lib/domain/time.ts";
import type {
  AlertMessage,
  HealthUpdate,
  SensorUpdate,
  WireAlert,
  WireAsset,
  WireHealth,
} from "../../lib/protocol/messages.ts";
import type { ConnectionInfo } from "./client.ts";
import type { Second } from "./statistics.ts";

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

export const SEPARATOR = "\u0000";

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
