import { QUALITIES } from "../domain/quality.ts";
import type { Reading } from "../domain/reading.ts";
import { type EpochMs, formatTimestamp } from "../domain/time.ts";
import { toAsciiJson } from "./ascii-json.ts";
import type { SensorBatch } from "./messages.ts";

/** What batches say of the tick that they hold. */
export interface BatchHeader {
  tenant_id: string;
  /** When the batch was made, by the server's clock. */
  at: EpochMs;
  cursor?: string;
}

/** @returns one `sensor_batch` as ASCII JSON; `received_at[i]` belongs to `readings[i]` */
export function encodeSensorBatch(
  header: BatchHeader,
  readings: readonly Reading[],
  received_at: readonly EpochMs[],
): string {
  const series: SensorBatch["series"] = [];
  const assets = new Map<string, Map<string, number[]>>();
  const s: number[] = [];
  const q: number[] = [];
  let all_good = true;
  for (const reading of readings) {
    let sensors = assets.get(reading.asset_id);
    if (sensors === undefined) {
      sensors = new Map();
      assets.set(reading.asset_id, sensors);
    }
    let candidates = sensors.get(reading.sensor_id);
    if (candidates === undefined) {
      candidates = [];
      sensors.set(reading.sensor_id, candidates);
    }
    let index = candidates.find(
      (i) => series[i]![2] === reading.sensor_type && series[i]![3] === reading.unit,
    );
    if (index === undefined) {
      index = series.push([reading.asset_id, reading.sensor_id, reading.sensor_type, reading.unit]) - 1;
      candidates.push(index);
    }
    s.push(index);
    q.push(QUALITIES.indexOf(reading.quality));
    if (reading.quality !== "good") all_good = false;
  }
  const batch: SensorBatch = {
    type: "sensor_batch",
    tenant_id: header.tenant_id,
    channel: "sensor_data",
    timestamp: formatTimestamp(header.at),
    series,
    s,
    t: readings.map(({ timestamp }) => timestamp),
    r: [...received_at],
    v: readings.map(({ value }) => value),
    ...(!all_good && { q }),
    ...(header.cursor !== undefined && { cursor: header.cursor }),
  };
  return toAsciiJson(batch);
}

/** @returns the readings of a `sensor_batch`, in order */
export function decodeSensorBatch(batch: SensorBatch): { readings: Reading[]; received_at: EpochMs[] } {
  const readings = batch.s.map((index, k): Reading => {
    const [asset_id, sensor_id, sensor_type, unit] = batch.series[index]!;
    return {
      asset_id,
      sensor_id,
      sensor_type,
      unit,
      value: batch.v[k]!,
      quality: QUALITIES[batch.q?.[k] ?? 0] ?? "bad",
      timestamp: batch.t[k]!,
    };
  });
  return { readings, received_at: batch.r };
}
