import type { Reading } from "../../lib/domain/reading.ts";
import { type EpochMs, formatTimestamp } from "../../lib/domain/time.ts";
import type { SensorUpdate } from "../../lib/protocol/messages.ts";

/** Readings of one frame in the order they came: `readings[i]` was received by the log at `received_at[i]`. */
export interface Readings {
  tenant_id: string;
  readings: Reading[];
  received_at: EpochMs[];
}

export function readingsOfUpdate(message: SensorUpdate): Readings {
  return {
    tenant_id: message.tenant_id,
    readings: [{ ...message.data, timestamp: Date.parse(message.timestamp) }],
    received_at: [Date.parse(message.received_at)],
  };
}

/** A reading in the published form, as it would have come without batching. */
export function updateOf(tenant_id: string, reading: Reading, received_at: EpochMs): SensorUpdate {
  const { asset_id, sensor_id, sensor_type, value, unit, quality, timestamp } = reading;
  return {
    type: "sensor_update",
    tenant_id,
    channel: "sensor_data",
    timestamp: formatTimestamp(timestamp),
    received_at: formatTimestamp(received_at),
    data: { asset_id, sensor_id, sensor_type, value, unit, quality },
  };
}
