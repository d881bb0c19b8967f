import type { AlertEvent } from "../domain/alert.ts";
import type { HealthScore } from "../domain/health.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import {
  encodeBinaryBatch,
  encodeSensorBatch,
  SensorUpdateEncoder,
  toAlertMessage,
  toAsciiJson,
  toHealthUpdate,
} from "../protocol/codec.ts";
import type { Channel, Format } from "../protocol/messages.ts";
import type { Payload } from "./connection.ts";
import type { Run } from "./runs.ts";

/** What is particular to the values of one channel of one tenant. */
export interface ChannelKind<V> {
  readonly channel: Channel;
  /** Bytes that one value takes in memory, about. */
  readonly value_bytes: number;
  assetOf(value: V): string;
  /** Of values with the same key a client that lags gets only the last; `undefined`: each of them. */
  conflationKey(value: V): string | undefined;
  /** Writes the values in their order; only the last message carries the cursor. */
  encode(runs: readonly Run<V>[], format: Format, cursor: string, now: EpochMs): Payload[];
}

/** Readings in one batch message; more make several. */
const BATCH_READINGS = 10_000;

export function sensorKind(tenant_id: string): ChannelKind<Reading> {
  const updates = new SensorUpdateEncoder(tenant_id);
  return {
    channel: "sensor_data",
    value_bytes: 160,
    assetOf: (reading) => reading.asset_id,
    conflationKey: (reading) => `${reading.asset_id}\0${reading.sensor_id}`,
    encode(runs, format, cursor, now) {
      if (format === "message") {
        const jsons: string[] = [];
        const last_run = runs[runs.length - 1];
        const last = last_run?.values[last_run.values.length - 1];
        for (const run of runs)
          for (const reading of run.values)
            jsons.push(
              updates.encode(
                reading,
                run.received_at,
                reading === last && run === last_run ? cursor : undefined,
              ),
            );
        return jsons.length === 0 ? [] : [{ type: "sensor_update", jsons }];
      }
      const readings: Reading[] = [];
      const received_at: EpochMs[] = [];
      for (const run of runs)
        for (const reading of run.values) {
          readings.push(reading);
          received_at.push(run.received_at);
        }
      const payloads: Payload[] = [];
      for (let i = 0; i < readings.length; i += BATCH_READINGS) {
        const end = i + BATCH_READINGS;
        const whole = i === 0 && end >= readings.length;
        const header = { tenant_id, at: now, ...(end >= readings.length && { cursor }) };
        const some = whole ? readings : readings.slice(i, end);
        const times = whole ? received_at : received_at.slice(i, end);
        if (format === "binary")
          payloads.push({ type: "sensor_batch", bytes: encodeBinaryBatch(header, some, times) });
        else payloads.push({ type: "sensor_batch", jsons: [encodeSensorBatch(header, some, times)] });
      }
      return payloads;
    },
  };
}

/** One JSON message a value, whatever format was asked for: there are few of them. */
function eachAsMessage<V>(
  runs: readonly Run<V>[],
  cursor: string,
  toMessage: (value: V, cursor?: string) => { type: string },
) {
  const payloads: { type: string; jsons: string[] }[] = [];
  const values = runs.flatMap((run) => run.values);
  for (const [i, value] of values.entries()) {
    const message = toMessage(value, i === values.length - 1 ? cursor : undefined);
    const json = toAsciiJson(message);
    const last = payloads.at(-1);
    if (last?.type === message.type) last.jsons.push(json);
    else payloads.push({ type: message.type, jsons: [json] });
  }
  return payloads;
}

export const healthKind: ChannelKind<HealthScore> = {
  channel: "health_scores",
  value_bytes: 600,
  assetOf: (score) => score.asset_id,
  conflationKey: (score) => score.asset_id,
  encode: (runs, _format, cursor) => eachAsMessage(runs, cursor, toHealthUpdate),
};

export const alertKind: ChannelKind<AlertEvent> = {
  channel: "alerts",
  value_bytes: 900,
  assetOf: (event) => event.alert.asset_id,
  conflationKey: () => undefined,
  encode: (runs, _format, cursor) => eachAsMessage(runs, cursor, toAlertMessage),
};
