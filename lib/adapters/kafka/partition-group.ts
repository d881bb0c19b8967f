import type { Consumer, Kafka } from "kafkajs";
import type { LogPosition } from "../../domain/log-position.ts";
import type { PartitionGroup } from "../../ports/event-log.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { createClient, type KafkaConnection, topicNames } from "./client.ts";

/** A member that Kafka does not hear of for so long loses its partitions. */
const SESSION_MS = 15_000;
const HEARTBEAT_MS = 1_000;
const RESTART_MS = { first: 500, most: 10_000 };
const COMMIT_EVERY_MS = 5_000;

export interface PartitionGroupOptions {
  connection: KafkaConnection;
  topic_prefix?: string;
  /** `foresight-processors` where absent. */
  group_id?: string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/**
 * The processors' consumer group. Kafka decides by it who has which partitions, and nothing else: the records are read
 * by the log's own reader from the positions that the store has saved. So heartbeats do not wait for the processing, a
 * batch that cannot be read is no reason to lose one's place, and a rebalance sets nobody back. The group's own offsets
 * follow what the store has, for those who watch lags there.
 */
export function createPartitionGroup(options: PartitionGroupOptions): PartitionGroup {
  const { metrics, connection } = options;
  const logger = options.logger.child({ part: "kafka" });
  const kafka: Kafka = createClient(connection, logger);
  const topic = topicNames(options.topic_prefix).sensor_readings;
  const groupId = `${options.topic_prefix ?? ""}${options.group_id ?? "foresight-processors"}`;
  let consumer: Consumer | undefined;
  let stopped = false;
  let restart: NodeJS.Timeout | undefined;
  let commits: NodeJS.Timeout | undefined;
  let wait = RESTART_MS.first;
  let assigned: number[] = [];
  let listener: (partitions: number[]) => void = () => undefined;
  let saved: LogPosition["next"] = {};

  function assign(partitions: number[]): void {
    assigned = [...partitions].sort((a, b) => a - b);
    metrics.gauge("foresight_processor_partitions", assigned.length);
    logger.info({ partitions: assigned }, "partitions to process");
    listener(assigned);
  }

  /** kafkajs restarts its consumer after some failures and gives it up after others; here a new one is made after all. */
  function again(): void {
    if (stopped || restart !== undefined) return;
    const failed = consumer;
    consumer = undefined;
    metrics.increment("foresight_kafka_reconnects_total", { topic: "group" });
    restart = setTimeout(() => {
      restart = undefined;
      (failed?.disconnect() ?? Promise.resolve())
        .catch(() => undefined)
        .then(join)
        .catch(again);
    }, wait);
    wait = Math.min(wait * 2, RESTART_MS.most);
  }

  async function join(): Promise<void> {
    if (stopped) return;
    const own = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      // All partitions are paused: this is how often it looks up and sends its heartbeat.
      maxWaitTimeInMs: HEARTBEAT_MS,
      allowAutoTopicCreation: false,
      retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2_000, restartOnFailure: async () => false },
    });
    consumer = own;
    const current = () => consumer === own && !stopped;
    own.on(own.events.GROUP_JOIN, ({ payload }) => {
      if (!current()) return;
      wait = RESTART_MS.first;
      const partitions = payload.memberAssignment[topic] ?? [];
      // Before its first fetch; nothing is to come through it.
      own.pause([{ topic }]);
      assign(partitions.map(Number));
    });
    own.on(own.events.CRASH, ({ payload }) => {
      if (!current()) return;
      logger.warn({ error: payload.error.message }, "the consumer group was left; joining again");
      again();
    });
    own.on(own.events.STOP, () => {
      if (current()) again();
    });
    await own.connect();
    await own.subscribe({ topic, fromBeginning: true });
    await own.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
  }

  async function commit(): Promise<void> {
    const offsets = assigned.flatMap((partition) => {
      const offset = saved[partition];
      return offset === undefined ? [] : [{ topic, partition, offset: String(offset) }];
    });
    saved = {};
    if (offsets.length > 0) await consumer?.commitOffsets(offsets);
  }

  return {
    async start() {
      if (commits !== undefined) return;
      commits = setInterval(() => {
        commit().catch((error: Error) =>
          logger.debug({ error: error.message }, "the group's offsets were not committed"),
        );
      }, COMMIT_EVERY_MS);
      await join().catch(again);
    },
    async stop() {
      if (stopped) return;
      await commit().catch(() => undefined);
      stopped = true;
      clearInterval(commits);
      clearTimeout(restart);
      await consumer?.disconnect().catch(() => undefined);
      consumer = undefined;
    },
    onAssignment(on) {
      listener = on;
      if (assigned.length > 0) on(assigned);
    },
    saved(position) {
      saved = { ...saved, ...position.next };
    },
  };
}
