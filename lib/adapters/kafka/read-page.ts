import type { LogPosition } from "../../domain/log-position.ts";
import type { LogBatch, Topic, TopicValues } from "../../ports/event-log.ts";
import { sortRecords } from "./batches.ts";
import { offsetsIn } from "./positions.ts";
import type { KafkaRecord } from "./record-batch.ts";
import type { Fetched, Offsets, TopicReader } from "./topic-reader.ts";
import type { Decoded } from "./wire-reading.ts";

/** Compressed bytes of a record, about: what is fetched beyond what is asked for is decoded in vain. */
const RECORD_BYTES = 60;
const LEAST_BYTES = 64 * 1024;

/**
 * Reads at most about `max_values` values from a position on; nothing only where the position is the head.
 * @throws ForesightError `invalid_request` where the position is not in this log
 */
export async function readPage<T extends Topic>(
  reader: TopicReader,
  from: LogPosition,
  max_values: number,
  decode: (record: KafkaRecord) => Decoded<TopicValues[T]>,
): Promise<{ batches: LogBatch<T>[]; position: LogPosition }> {
  const [earliest, head] = await Promise.all([reader.earliest(), reader.head()]);
  const next = offsetsIn({ log_id: head.log_id, earliest: earliest.next, head: head.next }, from);
  const batches: LogBatch<T>[] = [];
  for (;;) {
    const leaders = await reader.leaders();
    const due: [number, Offsets][] = [];
    let partitions = 0;
    for (const [leader, led] of leaders) {
      const wanted: Offsets = {};
      for (const partition of led)
        if ((next[partition] ?? 0) < (head.next[partition] ?? 0)) wanted[partition] = next[partition] ?? 0;
      const count = Object.keys(wanted).length;
      partitions += count;
      if (count > 0) due.push([leader, wanted]);
    }
    if (partitions === 0) break;
    const share = Math.max(1, Math.ceil(max_values / partitions));
    const most_bytes = Math.max(LEAST_BYTES, max_values * RECORD_BYTES);
    const fetched = await Promise.all(
      due.map(([leader, wanted]) => reader.fetch(leader, wanted, { wait_ms: 500, most_bytes })),
    );
    for (const one of fetched.flat()) {
      const cut = cutTo(one, share);
      batches.push(...sortRecords<T>(cut, decode).batches);
      next[one.partition] = cut.next_offset;
    }
    if (batches.length > 0) break;
  }
  return { batches, position: { log_id: head.log_id, next } };
}

function cutTo(fetched: Fetched, most: number): Fetched {
  if (fetched.records.length <= most) return fetched;
  return { ...fetched, records: fetched.records.slice(0, most), next_offset: fetched.records[most]!.offset };
}
