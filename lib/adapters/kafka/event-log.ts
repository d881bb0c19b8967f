import { ForesightError, isForesightError } from "../../domain/errors.ts";
import type { HealthScore } from "../../domain/health.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type {
  AppendResult,
  EventLog,
  LogBatch,
  StartAt,
  Subscription,
  Topic,
  TopicValues,
} from "../../ports/event-log.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { type BadRecord, sortRecords } from "./batches.ts";
import { createClient, type KafkaConnection, topicNames } from "./client.ts";
import { sendDeadLetters } from "./dead-letters.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { offsetsIn } from "./positions.ts";
import { brokerGone, partitionOf, RecordProducer } from "./producer.ts";
import { readPage } from "./read-page.ts";
import type { KafkaRecord } from "./record-batch.ts";
import { followTopic } from "./subscription.ts";
import { type Offsets, TopicReader } from "./topic-reader.ts";
import { ensureTopics } from "./topics.ts";
import {
  type Decoded,
  decodeHealth,
  decodeReading,
  encodeHealth,
  encodeReading,
  keyOf,
  type ValidateReading,
} from "./wire-reading.ts";

export interface KafkaLogOptions {
  connection: KafkaConnection;
  /** Before the topics' names, for several installations on one cluster. */
  topic_prefix?: string;
  /** Partitions of topics that are created here; 6 where absent. */
  partitions?: number;
  /** Copies of topics that are created here; as the broker is configured where absent. */
  replication?: number;
  /** What a foreign producer's reading has to be. */
  validate: ValidateReading;
  /** Whether bad records are put into the dead letters before they are passed: the processor's part, and nobody else's. */
  dead_letters?: boolean;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export interface KafkaLog extends EventLog {
  /**
   * Publishes scores, each in its source's partition, whose one writer is the processor that has the source.
   * @returns the position behind them in the partitions concerned
   * @throws ForesightError `unavailable`
   */
  publishHealth(scores: readonly HealthScore[]): Promise<LogPosition>;
}

const START_WITHIN_MS = 60_000;
const START_RETRY_MS = 1_000;
const LOOK_FOR_PARTITIONS_MS = 30_000;
const MOST_KEYS = 200_000;

/**
 * The event log on Kafka: topics `sensor_readings` (key `tenant:asset`, one reading as JSON) and `health_scores`.
 * Appends resolve when all replicas have them. Reads know no group: each reader has its own positions.
 */
export function createKafkaLog(options: KafkaLogOptions): KafkaLog {
  const { clock, metrics, validate } = options;
  const logger = options.logger.child({ part: "kafka" });
  const kafka = createClient(options.connection, logger);
  const names = topicNames(options.topic_prefix);
  const producer = new RecordProducer(kafka, logger, clock);
  const readers = {
    sensor_readings: new TopicReader(kafka, names.sensor_readings),
    health_scores: new TopicReader(kafka, names.health_scores),
  };
  const keys_reader = new TopicReader(kafka, names.keys);
  const keys = new IdempotencyKeys(keys_reader, producer);
  const subscriptions = new Set<Subscription>();
  const decoders = {
    sensor_readings: (record: KafkaRecord) => decodeReading(record, validate),
    health_scores: decodeHealth,
  } as { [T in Topic]: (record: KafkaRecord) => Decoded<TopicValues[T]> };

  let started: Promise<void> | undefined;
  let running = false;
  let stopped = false;
  let partitions = 0;
  let partition_timer: NodeJS.Timeout | undefined;
  let log_id = "";
  /** As far as this process knows. */
  let heads: Offsets = {};
  const placed = new Map<string, number>();

  /** Kafka's own errors, and those of connections, are the broker's absence to whoever asks. */
  async function asking<R>(work: () => Promise<R>): Promise<R> {
    if (stopped) throw new ForesightError("shutting_down", "The server is stopping.");
    try {
      return await work();
    } catch (error) {
      if (isForesightError(error)) throw error;
      throw brokerGone(error);
    }
  }

  async function begin(): Promise<void> {
    const until = performance.now() + START_WITHIN_MS;
    const plan = { partitions: options.partitions ?? 6, replication: options.replication ?? -1 };
    for (;;)
      try {
        partitions = await ensureTopics(kafka, names, plan, logger);
        const head = await readers.sensor_readings.head();
        heads = head.next;
        log_id = head.log_id;
        await readers.health_scores.id();
        await keys.readOn();
        break;
      } catch (error) {
        const final = isForesightError(error) && error.code !== "unavailable";
        if (final || performance.now() > until || stopped) throw error;
        logger.warn({ error: String(error) }, "Kafka is not ready; trying again");
        await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS));
      }
    await producer.start();
    running = true;
    partition_timer = setInterval(() => {
      readers.sensor_readings.partitions().then(
        ({ length }) => {
          if (length === partitions || length === 0) return;
          partitions = length;
          placed.clear();
        },
        () => undefined,
      );
    }, LOOK_FOR_PARTITIONS_MS);
    partition_timer.unref();
  }

  function partitionFor(key: string): number {
    let partition = placed.get(key);
    if (partition === undefined) {
      partition = partitionOf(key, partitions);
      if (placed.size >= MOST_KEYS) placed.clear();
      placed.set(key, partition);
    }
    return partition;
  }

  async function appendNow(tenant_id: string, readings: TopicValues["sensor_readings"][]) {
    const taken_at = clock.now();
    const messages = readings.map((reading) => {
      const key = keyOf(tenant_id, reading.asset_id);
      const value = encodeReading(tenant_id, reading);
      return { topic: names.sensor_readings, partition: partitionFor(key), key, value };
    });
    const { offsets, append_time } = await producer.send(messages);
    const next = { ...heads };
    for (const [i, { partition }] of messages.entries())
      next[partition] = Math.max(next[partition] ?? 0, offsets[i]! + 1);
    for (const partition in next) heads[partition] = Math.max(heads[partition] ?? 0, next[partition]!);
    const result: AppendResult = {
      position: { log_id, next },
      received_at: append_time >= 0 ? append_time : taken_at,
      duplicate: false,
      accepted: readings.length,
    };
    return result;
  }

  async function putAside(topic: Topic, bad: BadRecord[]): Promise<void> {
    if (topic !== "sensor_readings" || !options.dead_letters) return;
    await sendDeadLetters(producer, names.dead_letters, names.sensor_readings, bad);
    metrics.increment("foresight_dead_letters_total", {}, bad.length);
    const foreign = bad.filter(({ foreign: of }) => of).length;
    if (foreign > 0) metrics.increment("foresight_foreign_keys_total", {}, foreign);
    const [{ partition, offset, reason }] = bad as [BadRecord];
    logger.warn({ count: bad.length, partition, offset, reason }, "put records into the dead letters");
  }

  async function offsetsOf(topic: Topic, start: StartAt): Promise<LogPosition> {
    const reader = readers[topic];
    if (start === "head") return reader.head();
    if (start === "earliest") return reader.earliest();
    if ("since" in start) return reader.since(start.since);
    const [earliest, head] = await Promise.all([reader.earliest(), reader.head()]);
    const kept = { log_id: head.log_id, earliest: earliest.next, head: head.next };
    return { log_id: head.log_id, next: offsetsIn(kept, start.at) };
  }

  async function subscribe<T extends Topic>(
    topic: T,
    start: StartAt,
    handler: (batches: LogBatch<T>[], position: LogPosition) => void | Promise<void>,
    { partitions: only }: { partitions?: readonly number[] } = {},
  ): Promise<Subscription> {
    const { log_id: of, next } = await offsetsOf(topic, start);
    const from: Offsets = {};
    for (const [partition, offset] of Object.entries(next))
      if (only === undefined || only.includes(Number(partition))) from[Number(partition)] = offset;
    const { position, stop } = followTopic<T>(
      {
        topic,
        reader: new TopicReader(kafka, names[topic]),
        log_id: of,
        sort: (fetched) => sortRecords<T>(fetched, decoders[topic]),
        handler,
        bad: (records) => putAside(topic, records),
        logger,
        metrics,
        all_partitions: only === undefined,
      },
      from,
    );
    const tracked: Subscription = {
      position,
      stop: () => {
        subscriptions.delete(tracked);
        return stop();
      },
    };
    subscriptions.add(tracked);
    return tracked;
  }

  return {
    start() {
      started ??= begin();
      return started;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      running = false;
      clearInterval(partition_timer);
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await producer.stop();
      const all = [readers.sensor_readings, readers.health_scores, keys_reader];
      await Promise.all(all.map((reader) => reader.disconnect()));
    },
    append: (tenant_id, given, { idempotency_key } = {}) =>
      asking(async () => {
        if (!running) throw brokerGone();
        const readings = given.slice();
        if (readings.length === 0)
          return {
            position: await readers.sensor_readings.head(),
            received_at: clock.now(),
            duplicate: false,
            accepted: 0,
          };
        if (idempotency_key === undefined) return appendNow(tenant_id, readings);
        return keys.once(tenant_id, idempotency_key, () => appendNow(tenant_id, readings));
      }),
    head: (topic) => asking(() => readers[topic].head()),
    earliest: (topic) => asking(() => readers[topic].earliest()),
    read: <T extends Topic>(topic: T, from: LogPosition, max_values: number) =>
      asking(() => readPage<T>(readers[topic], from, max_values, decoders[topic])),
    subscribe: (topic, start, handler, scope) => asking(() => subscribe(topic, start, handler, scope)),
    publishHealth: (scores) =>
      asking(async () => {
        const messages = scores.map((score) => ({
          topic: names.health_scores,
          partition: score.source_partition,
          key: keyOf(score.tenant_id, score.asset_id),
          value: encodeHealth(score),
        }));
        const { offsets } = await producer.send(messages);
        const next: Offsets = {};
        for (const [i, { partition }] of messages.entries()) next[partition] = offsets[i]! + 1;
        return { log_id: await readers.health_scores.id(), next };
      }),
  };
}
