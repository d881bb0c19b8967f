import type { Alert } from "../domain/alert.ts";
import type { Asset } from "../domain/asset.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { HealthScore, LifeUnit, RiskLevel } from "../domain/health.ts";
import type { Quality } from "../domain/quality.ts";

/** Raised when a message changes its meaning; announced in `subscribed`. */
export const PROTOCOL_VERSION = 1;

export const CHANNELS = ["sensor_data", "alerts", "health_scores"] as const;
export type Channel = (typeof CHANNELS)[number];

export const FORMATS = ["message", "batch", "binary"] as const;
export type Format = (typeof FORMATS)[number];

/** Caps of what a client may send; the numbers are rules of `lib/SPEC.md`. */
export const LIMITS = {
  message_bytes: 64 * 1024,
  channels: 128,
  assets: 1_000,
  sockets_per_user: 20,
  messages_per_minute: 100,
} as const;

/** What every message of a channel carries; `cursor` only the last of a tick. Times are RFC 3339 UTC. */
interface Envelope {
  tenant_id: string;
  channel: Channel;
  timestamp: string;
  received_at: string;
  cursor?: string;
}

export interface SensorUpdate extends Envelope {
  type: "sensor_update";
  channel: "sensor_data";
  data: {
    asset_id: string;
    sensor_id: string;
    sensor_type: string;
    value: number;
    unit: string;
    quality: Quality;
  };
}

/** An alert as it travels: `Alert` with RFC 3339 times. */
export type WireAlert = Omit<
  Alert,
  "raised_at" | "updated_at" | "timestamp" | "shelved_until" | "resolved_from"
> & {
  raised_at: string;
  updated_at: string;
  timestamp: string;
  shelved_until?: string;
};

export interface AlertMessage extends Envelope {
  type: "alert_triggered" | "alert_updated";
  channel: "alerts";
  data: WireAlert & { event: string; by: string; seq: number };
}

export interface HealthUpdate extends Envelope {
  type: "health_update";
  channel: "health_scores";
  data: {
    asset_id: string;
    score: number | null;
    risk_level: RiskLevel | null;
    reason?: string;
    evidence: { sensor_id: string; points: number }[];
    rul?: number | null;
    rul_low?: number | null;
    rul_high?: number | null;
    rul_unit?: LifeUnit;
    rul_most?: number;
    rul_as_new?: number;
    rul_by_age?: number;
    rul_evidence?: { sensor_id: string; rul: number }[];
    model?: string;
    stale?: true;
    last_score?: number | null;
  };
}

/**
 * Readings of one tick in columns (`format: "batch"`): `series[i]` = [asset_id, sensor_id, sensor_type, unit];
 * reading k is of `series[s[k]]` at epoch milliseconds `t[k]`, received at `r[k]`, value `v[k]`; `q[k]` is
 * 0 good, 1 uncertain, 2 bad, and absent where all are good.
 */
export interface SensorBatch {
  type: "sensor_batch";
  tenant_id: string;
  channel: "sensor_data";
  timestamp: string;
  series: [string, string, string, string][];
  s: number[];
  t: number[];
  r: number[];
  v: number[];
  q?: number[];
  cursor?: string;
}

export type WireHealth = Omit<
  HealthScore,
  "timestamp" | "received_at" | "source_offset" | "source_partition" | "tenant_id"
> & {
  timestamp: string;
  received_at: string;
};

/** An asset as it travels: `Asset` with RFC 3339 times. */
export type WireAsset = Omit<Asset, "sensors" | "health" | "received_at"> & {
  received_at: string;
  health?: WireHealth;
  sensors: {
    sensor_id: string;
    sensor_type: string;
    unit: string;
    readings: number;
    first_at: string;
    latest: { timestamp: string; received_at: string; value: number; quality: Quality };
  }[];
};

/** All of what the subscribed channels of a tenant hold now; a dashboard starts or starts again from it. */
export interface SnapshotMessage {
  type: "snapshot";
  tenant_id: string;
  timestamp: string;
  channels: Channel[];
  cursors: Partial<Record<Channel, string>>;
  assets: WireAsset[];
  alerts: WireAlert[];
}

export const RESET_REASONS = [
  "first",
  "log_changed",
  "beyond_end",
  "expired",
  "invalid_cursor",
  "overflow",
] as const;
export type ResetReason = (typeof RESET_REASONS)[number];

export type ServerMessage =
  | SensorUpdate
  | SensorBatch
  | AlertMessage
  | HealthUpdate
  | SnapshotMessage
  | {
      type: "subscribed";
      version: number;
      tenant_id: string;
      channels: Channel[];
      cursors: Partial<Record<Channel, string>>;
      recovered: Partial<Record<Channel, boolean>>;
      timestamp: string;
    }
  | { type: "unsubscribed"; channels: Channel[] }
  /** What was missed cannot be replayed: forget what is shown of the channel, a `snapshot` follows. */
  | { type: "reset"; channel: Channel; reason: ResetReason }
  /**
   * Sent at least every 10 s, so that nobody is silently behind. `stalled`: the server gets nothing from the
   * channel's source, so what is shown is old however good the connection.
   */
  | { type: "head"; channel: Channel; cursor: string; timestamp: string; stalled?: true }
  | { type: "conflated"; channel: Channel; dropped: number }
  | { type: "ping"; timestamp: string }
  | { type: "pong"; t?: number; timestamp: string }
  | { type: "error"; code: ErrorCode; message: string };

/** Close codes of raw WebSockets: 4000–4099 come back and resume, 4400–4499 do not before something changes. */
export const CLOSE = {
  NORMAL: 1000,
  POLICY: 1008,
  SHUTTING_DOWN: 4000,
  SLOW_CONSUMER: 4001,
  HEARTBEAT_LOST: 4002,
  CREDENTIAL_EXPIRED: 4401,
  FORBIDDEN: 4403,
  REVOKED: 4410,
  TOO_MANY: 4429,
} as const;

export function mayReconnect(close_code: number): boolean {
  return !(close_code >= 4400 && close_code < 4500) && close_code !== CLOSE.POLICY;
}
