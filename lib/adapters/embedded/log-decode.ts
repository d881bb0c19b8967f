import type { HealthScore } from "../../domain/health.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import { decodeReadingBlock } from "../../domain/reading-block.ts";
import type { LogBatch, Topic } from "../../ports/event-log.ts";
import { PARTITION, positionAt } from "./log-position.ts";
import type { Stretch } from "./topic-files.ts";

export interface ReadResult<T extends Topic> {
  batches: LogBatch<T>[];
  position: LogPosition;
}

/** The records of a batch within `from` ≤ offset < `to`; undefined where there are none. */
export function cutBatch<T extends Topic>(
  batch: LogBatch<T>,
  from: number,
  to: number,
): LogBatch<T> | undefined {
  const { first_offset, values } = batch;
  const begin = Math.max(0, from - first_offset);
  const end = Math.min(values.length, to - first_offset);
  if (begin >= end) return undefined;
  if (begin === 0 && end === values.length) return batch;
  return { ...batch, first_offset: first_offset + begin, values: values.slice(begin, end) };
}

function result<T extends Topic>(log_id: string, from: number, batches: LogBatch<T>[]): ReadResult<T> {
  const last = batches.at(-1);
  const next = last === undefined ? from : last.first_offset + last.values.length;
  return { batches, position: positionAt(log_id, next) };
}

function decodeReadings(stretch: Stretch<"sensor_readings">, max_values: number) {
  const { log_id, from, rows } = stretch;
  const batches: LogBatch<"sensor_readings">[] = [];
  for (const { first_offset, tenant_id, received_at, block } of rows) {
    const { readings } = decodeReadingBlock(block);
    const whole = { partition: PARTITION, first_offset, tenant_id, received_at, values: readings };
    const batch = cutBatch<"sensor_readings">(whole, from, from + max_values);
    if (batch !== undefined) batches.push(batch);
  }
  return result(log_id, from, batches);
}

function decodeHealth(stretch: Stretch<"health_scores">) {
  const batches: LogBatch<"health_scores">[] = [];
  for (const { offset, tenant_id, received_at, score } of stretch.rows) {
    const value = JSON.parse(score) as HealthScore;
    const open = batches.at(-1);
    if (open !== undefined && open.tenant_id === tenant_id && open.received_at === received_at)
      open.values.push(value);
    else
      batches.push({ partition: PARTITION, first_offset: offset, tenant_id, received_at, values: [value] });
  }
  return result(stretch.log_id, stretch.from, batches);
}

/** Stored rows → what the port delivers, cut to the position asked for and to `max_values`. */
export const decodeStretch: {
  [T in Topic]: (stretch: Stretch<T>, max_values: number) => ReadResult<T>;
} = { sensor_readings: decodeReadings, health_scores: decodeHealth };
