import type { BadRecord } from "./batches.ts";
import type { Outgoing, RecordProducer } from "./producer.ts";

/** More of a value is not kept: what is replayed must be a reading, which is smaller. */
const MOST_KEPT_BYTES = 256 * 1024;

/** A bad record as it goes to the dead letters: key and value as they came, in the headers where from and why. */
export function toDeadLetter(topic: string, source: string, bad: BadRecord): Outgoing {
  const { partition, offset, last_offset, reason, record } = bad;
  const value = record?.value ?? null;
  const cut = value !== null && value.length > MOST_KEPT_BYTES;
  return {
    topic,
    partition: 0,
    key: record?.key ?? null,
    value: cut ? value.subarray(0, MOST_KEPT_BYTES) : value,
    headers: {
      topic: source,
      partition: String(partition),
      offset: String(offset),
      reason,
      ...(last_offset !== offset && { last_offset: String(last_offset) }),
      ...(cut && { truncated: String(value.length) }),
    },
  };
}

/** Resolves when the broker has them. @throws ForesightError `unavailable` */
export async function sendDeadLetters(
  producer: RecordProducer,
  topic: string,
  source: string,
  bad: BadRecord[],
): Promise<void> {
  // One by one where they are large, so that no request grows beyond what a broker takes.
  for (let at = 0; at < bad.length; ) {
    const part: Outgoing[] = [];
    for (let bytes = 0; at < bad.length && part.length < 1_000; at++) {
      const letter = toDeadLetter(topic, source, bad[at]!);
      bytes += (letter.value as Buffer | null)?.length ?? 0;
      if (part.length > 0 && bytes > MOST_KEPT_BYTES) break;
      part.push(letter);
    }
    await producer.send(part);
  }
}
