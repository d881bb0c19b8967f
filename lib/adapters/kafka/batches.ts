import type { LogBatch, Topic, TopicValues } from "../../ports/event-log.ts";
import type { KafkaRecord } from "./record-batch.ts";
import type { Fetched } from "./topic-reader.ts";
import type { Decoded } from "./wire-reading.ts";

/** A record, or a whole batch of them, that cannot be read. */
export interface BadRecord {
  partition: number;
  offset: number;
  /** Where it is a batch, the last of its records. */
  last_offset: number;
  reason: string;
  foreign: boolean;
  /** Absent where it is a batch. */
  record?: KafkaRecord;
}

export interface Sorted<T extends Topic> {
  batches: LogBatch<T>[];
  bad: BadRecord[];
}

/** Runs of good records of one tenant and time, dense in offsets, and what is none. */
export function sortRecords<T extends Topic>(
  { partition, records, unreadable }: Fetched,
  decode: (record: KafkaRecord) => Decoded<TopicValues[T]>,
): Sorted<T> {
  const batches: LogBatch<T>[] = [];
  const bad: BadRecord[] = unreadable.map(({ first_offset, last_offset, reason }) => ({
    partition,
    offset: first_offset,
    last_offset,
    reason,
    foreign: false,
  }));
  let run: LogBatch<T> | undefined;
  for (const record of records) {
    const { offset, timestamp } = record;
    const decoded = decode(record);
    if ("reason" in decoded) {
      const { reason, foreign = false } = decoded;
      bad.push({ partition, offset, last_offset: offset, reason, foreign, record });
      continue;
    }
    if (
      run?.tenant_id !== decoded.tenant_id ||
      run.received_at !== timestamp ||
      run.first_offset + run.values.length !== offset
    ) {
      run = {
        partition,
        first_offset: offset,
        tenant_id: decoded.tenant_id,
        received_at: timestamp,
        values: [],
      };
      batches.push(run);
    }
    run.values.push(decoded.value);
  }
  return { batches, bad };
}
