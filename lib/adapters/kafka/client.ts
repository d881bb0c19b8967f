import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { Logger } from "../../ports/system.ts";

/** Where Kafka is and how to get in. */
export interface KafkaConnection {
  brokers: string[];
  /** TLS; `ca` in PEM where the broker's certificate is not signed by one of the well-known. */
  ssl?: boolean | { ca: string };
  sasl?: { mechanism: "plain" | "scram-sha-256" | "scram-sha-512"; username: string; password: string };
  client_id?: string;
}

/** What kafkajs tells as errors in the ordinary course of starting, rebalancing and reconnecting. */
const PASSING =
  /rebalanc|coordinator is (loading|not aware)|not the coordinator|group.*(loading|joining)|connection (error|timeout|closed)|closed connection|ECONN|broker not connected|request .* timed out|response (heartbeat|joingroup|syncgroup|groupcoordinator|offsetfetch|metadata|listoffsets|fetch|produce|initproducerid)|there is no leader|leader(ship)? .*(election|not available)|does not host this topic|failed to connect to (seed )?broker|crash|limiting retries/i;

/** kafkajs's own log, sorted: what passes by itself is for those who look for it. */
const logCreator =
  (logger: Logger) =>
  () =>
  ({
    level,
    namespace,
    log,
  }: {
    level: logLevel;
    namespace: string;
    log: { message: string; error?: unknown };
  }) => {
    const text = `${log.message} ${log.error ?? ""}`;
    const fields = { part: "kafka", namespace, ...(log.error !== undefined && { error: String(log.error) }) };
    if (level > logLevel.WARN || PASSING.test(text)) logger.debug(fields, log.message);
    else logger.warn(fields, log.message);
  };

/** A client whose requests give up soon: those who stand on it try again themselves and say so. */
export function createClient(connection: KafkaConnection, logger: Logger): Kafka {
  const { brokers, ssl, sasl, client_id } = connection;
  return new Kafka({
    clientId: client_id ?? "foresight",
    brokers,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 8_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
    logLevel: logLevel.WARN,
    logCreator: logCreator(logger),
    ...(ssl !== undefined && { ssl: typeof ssl === "object" ? { ca: [ssl.ca] } : ssl }),
    // A copy: kafkajs keeps in it how it has logged in, which would then hold for whatever is spread from it.
    ...(sasl !== undefined && { sasl: { ...sasl } as SASLOptions }),
  });
}

/** Names of the topics; `prefix` for several installations on one cluster. */
export interface TopicNames {
  sensor_readings: string;
  health_scores: string;
  dead_letters: string;
  keys: string;
}

export const topicNames = (prefix = ""): TopicNames => ({
  sensor_readings: `${prefix}sensor_readings`,
  health_scores: `${prefix}health_scores`,
  dead_letters: `${prefix}sensor_readings.dlq`,
  keys: `${prefix}sensor_readings.keys`,
});
