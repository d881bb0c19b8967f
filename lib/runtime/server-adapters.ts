import { hostname } from "node:os";
import { createKafkaLog, type KafkaLog } from "../adapters/kafka/event-log.ts";
import { createPartitionGroup } from "../adapters/kafka/partition-group.ts";
import { createMongoStore, type MongoStore } from "../adapters/mongo/store.ts";
import type { TimestampBounds } from "../domain/time.ts";
import { createReadingValidator } from "../ingest/validate-reading.ts";
import type { PartitionGroup } from "../ports/event-log.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import type { ServersConfig } from "./topology.ts";

interface Parts {
  servers: ServersConfig;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

function connectionOf({ servers: { kafka } }: Parts, purpose: string) {
  const { brokers, ssl, sasl } = kafka;
  return {
    brokers,
    client_id: `foresight-${purpose}`,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  };
}

/**
 * The log on Kafka.
 * @param purpose `processor` alone puts records that cannot be read into the dead letters
 */
export function openKafkaLog(
  parts: Parts & { timestamp_bounds: TimestampBounds },
  purpose: "web" | "processor",
): KafkaLog {
  const { servers, timestamp_bounds, clock, logger, metrics } = parts;
  const { topic_prefix, partitions, replication } = servers.kafka;
  return createKafkaLog({
    connection: connectionOf(parts, purpose),
    ...(topic_prefix !== undefined && { topic_prefix }),
    ...(partitions !== undefined && { partitions }),
    ...(replication !== undefined && { replication }),
    validate: createReadingValidator(timestamp_bounds),
    dead_letters: purpose === "processor",
    clock,
    logger,
    metrics,
  });
}

export function openPartitionGroup(parts: Parts): PartitionGroup {
  const { servers, clock, logger, metrics } = parts;
  const { topic_prefix } = servers.kafka;
  return createPartitionGroup({
    connection: connectionOf(parts, "processor"),
    ...(topic_prefix !== undefined && { topic_prefix }),
    clock,
    logger,
    metrics,
  });
}

/** @param name of this process among those that stay on their machine and port: its place in the change stream is kept under it */
export function openMongoStore({ servers, clock, logger, metrics }: Parts, name: string): MongoStore {
  return createMongoStore({
    uri: servers.mongodb_uri,
    clock,
    logger,
    metrics,
    watcher: `${name}@${hostname()}`,
  });
}
