import { ForesightError } from "../../domain/errors.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Logger } from "../../ports/system.ts";
import { createClient, type KafkaConnection, topicNames } from "./client.ts";
import { brokerGone, partitionOf, RecordProducer } from "./producer.ts";
import { TopicReader } from "./topic-reader.ts";

/** A record that could not be read, as it is kept. */
export interface DeadLetter {
  /** Its own place in the dead letters. */
  id: number;
  at: EpochMs;
  /** Where it came from. `last_offset` where it is a whole batch, whose records are not kept. */
  topic: string;
  partition: number;
  offset: number;
  last_offset?: number;
  reason: string;
  /** Bytes that it had, where it was too large to be kept whole. */
  truncated?: number;
  key: Buffer | null;
  value: Buffer | null;
}

export interface DeadLetterAccess {
  connection: KafkaConnection;
  topic_prefix?: string;
  logger?: Logger;
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/**
 * Everything that is kept in the dead letters, in order. A processor that was killed may have put a record aside
 * twice: it is listed once. @throws ForesightError `unavailable`
 */
export async function listDeadLetters({
  connection,
  topic_prefix,
  logger = SILENT,
}: DeadLetterAccess): Promise<DeadLetter[]> {
  const reader = new TopicReader(createClient(connection, logger), topicNames(topic_prefix).dead_letters);
  const letters = new Map<string, DeadLetter>();
  try {
    const [earliest, head] = await Promise.all([reader.earliest(), reader.head()]);
    const leaders = await reader.leaders();
    for (const [leader, partitions] of leaders)
      for (const own of partitions) {
        const end = head.next[own] ?? 0;
        for (let at = earliest.next[own] ?? 0; at < end; ) {
          const [fetched] = await reader.fetch(leader, { [own]: at }, { wait_ms: 500 });
          for (const { offset: id, timestamp, key, value, headers } of fetched?.records ?? []) {
            const text = (name: string) => headers[name]?.toString("utf8");
            const [last_offset, truncated] = [text("last_offset"), text("truncated")];
            const letter: DeadLetter = {
              id,
              at: timestamp,
              topic: text("topic") ?? "",
              partition: Number(text("partition")),
              offset: Number(text("offset")),
              ...(last_offset !== undefined && { last_offset: Number(last_offset) }),
              reason: text("reason") ?? "",
              ...(truncated !== undefined && { truncated: Number(truncated) }),
              key,
              value,
            };
            const place = `${letter.topic}/${letter.partition}/${letter.offset}`;
            if (!letters.has(place)) letters.set(place, letter);
          }
          at = Math.max(at, fetched?.next_offset ?? at);
        }
      }
  } catch (error) {
    throw error instanceof ForesightError ? error : brokerGone(error);
  } finally {
    await reader.disconnect();
  }
  return [...letters.values()];
}

/**
 * Sends them to `sensor_readings` again as they are; what still cannot be read comes back here. Those that were not
 * kept whole are left. A reading that is known already changes nothing.
 * @throws ForesightError `unavailable`
 */
export async function replayDeadLetters(
  { connection, topic_prefix, logger = SILENT }: DeadLetterAccess,
  letters: readonly DeadLetter[],
): Promise<{ replayed: number; left: number }> {
  const kafka = createClient(connection, logger);
  const topic = topicNames(topic_prefix).sensor_readings;
  const reader = new TopicReader(kafka, topic);
  const producer = new RecordProducer(kafka, logger, { now: Date.now });
  const whole = letters.filter(
    ({ last_offset, truncated, value }) =>
      last_offset === undefined && truncated === undefined && value !== null,
  );
  try {
    const { length } = await reader.partitions();
    await producer.start();
    await producer.send(
      whole.map(({ key, value, partition }) => ({
        topic,
        key,
        value,
        partition: key === null ? partition % length : partitionOf(key.toString("utf8"), length),
      })),
    );
  } catch (error) {
    throw error instanceof ForesightError ? error : brokerGone(error);
  } finally {
    await producer.stop();
    await reader.disconnect();
  }
  return { replayed: whole.length, left: letters.length - whole.length };
}
