import type { Alert, AlertEvent } from "../domain/alert.ts";
import type { Asset } from "../domain/asset.ts";
import type { HealthScore } from "../domain/health.ts";
import type { LogPosition } from "../domain/log-position.ts";
import { type EpochMs, formatTimestamp } from "../domain/time.ts";
import { encodeCursor } from "./cursor.ts";
import type {
  AlertMessage,
  Channel,
  HealthUpdate,
  SnapshotMessage,
  WireAlert,
  WireAsset,
  WireHealth,
} from "./messages.ts";

/*
 * Domain objects as they travel, in messages and in answers of the API alike: times become RFC 3339, and what only
 * the house needs stays inside.
 */

export function toWireAlert(alert: Alert): WireAlert {
  const { shelved_until, resolved_from: _, ...rest } = alert;
  return {
    ...rest,
    raised_at: formatTimestamp(alert.raised_at),
    updated_at: formatTimestamp(alert.updated_at),
    timestamp: formatTimestamp(alert.timestamp),
    ...(shelved_until !== undefined && { shelved_until: formatTimestamp(shelved_until) }),
  };
}

export function toWireHealth(health: HealthScore): WireHealth {
  const { tenant_id: _, source_offset: __, source_partition: ___, ...rest } = health;
  return {
    ...rest,
    timestamp: formatTimestamp(health.timestamp),
    received_at: formatTimestamp(health.received_at),
  };
}

export function toWireAsset({ health, ...asset }: Asset): WireAsset {
  return {
    ...asset,
    received_at: formatTimestamp(asset.received_at),
    ...(health !== undefined && { health: toWireHealth(health) }),
    sensors: asset.sensors.map(({ latest, first_at, ...sensor }) => ({
      ...sensor,
      first_at: formatTimestamp(first_at),
      latest: {
        ...latest,
        timestamp: formatTimestamp(latest.timestamp),
        received_at: formatTimestamp(latest.received_at),
      },
    })),
  };
}

export function toAlertMessage(event: AlertEvent, cursor?: string): AlertMessage {
  const at = formatTimestamp(event.at);
  return {
    type: event.kind === "raised" ? "alert_triggered" : "alert_updated",
    timestamp: at,
    data: { ...toWireAlert(event.alert), event: event.kind, by: event.by, seq: event.seq },
    tenant_id: event.tenant_id,
    channel: "alerts",
    received_at: at,
    ...(cursor !== undefined && { cursor }),
  };
}

export function toHealthUpdate(health: HealthScore, cursor?: string): HealthUpdate {
  const { timestamp, received_at, ...data } = toWireHealth(health);
  return {
    type: "health_update",
    timestamp,
    data,
    tenant_id: health.tenant_id,
    channel: "health_scores",
    received_at,
    ...(cursor !== undefined && { cursor }),
  };
}

/** The alert event with sequence number n (from 1) stands at offset n − 1 of the alert log. */
export function alertPosition(of: { log_id: string; seq: number }): LogPosition {
  return { log_id: of.log_id, next: { 0: of.seq } };
}

/** What the store reads for a snapshot (`Snapshot` of the store's port). */
export interface SnapshotParts {
  assets: readonly Asset[];
  alerts: readonly Alert[];
  positions: {
    sensor_data: LogPosition;
    health_scores: LogPosition;
    alerts: { log_id: string; seq: number };
  };
}

/** The position of each channel from which to go on after the snapshot. */
export function snapshotPositions(snapshot: SnapshotParts): Record<Channel, LogPosition> {
  const { sensor_data, health_scores, alerts } = snapshot.positions;
  return { sensor_data, health_scores, alerts: alertPosition(alerts) };
}

/**
 * The `snapshot` message of some channels, narrowed to `assets` where given. Sensors come with `sensor_data`,
 * health with `health_scores`, alerts with `alerts`.
 */
export function toSnapshotMessage(
  snapshot: SnapshotParts,
  of: { tenant_id: string; at: EpochMs; channels: readonly Channel[]; assets?: ReadonlySet<string> },
): SnapshotMessage {
  const has = new Set(of.channels);
  const positions = snapshotPositions(snapshot);
  const wanted = (asset_id: string) => of.assets === undefined || of.assets.has(asset_id);
  return {
    type: "snapshot",
    tenant_id: of.tenant_id,
    timestamp: formatTimestamp(of.at),
    channels: [...of.channels],
    cursors: Object.fromEntries(of.channels.map((channel) => [channel, encodeCursor(positions[channel])])),
    assets: snapshot.assets
      .filter(({ asset_id }) => wanted(asset_id) && (has.has("sensor_data") || has.has("health_scores")))
      .map((asset) => {
        const { health, sensors, ...wire } = toWireAsset(asset);
        return {
          ...wire,
          sensors: has.has("sensor_data") ? sensors : [],
          ...(health !== undefined && has.has("health_scores") && { health }),
        };
      }),
    alerts: has.has("alerts")
      ? snapshot.alerts.filter(({ asset_id }) => wanted(asset_id)).map(toWireAlert)
      : [],
  };
}
