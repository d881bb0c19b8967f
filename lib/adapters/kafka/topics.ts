import kafkajs, { type Kafka } from "kafkajs";
import { ForesightError } from "../../domain/errors.ts";
import type { Logger } from "../../ports/system.ts";
import type { TopicNames } from "./client.ts";

// Of the names that Node does not see in a module of the older kind.
const { ConfigResourceTypes } = kafkajs;

export interface TopicPlan {
  /** Of `sensor_readings` and `health_scores`, where they are created. */
  partitions: number;
  /** −1: as the broker is configured. */
  replication: number;
}

const DAY_MS = 86_400_000;

/**
 * Creates the topics that are missing.
 * @returns the number of partitions of `sensor_readings`
 * @throws ForesightError `unavailable` where the broker cannot be reached or a missing topic may not be created
 */
export async function ensureTopics(
  kafka: Kafka,
  names: TopicNames,
  plan: TopicPlan,
  logger: Logger,
): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const replicationFactor = plan.replication;
    // The broker's clock is what `received_at` means: a producer's own may be anything.
    const times = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
    const kept = (days: number) => [{ name: "retention.ms", value: String(days * DAY_MS) }];
    const wanted = [
      { topic: names.sensor_readings, numPartitions: plan.partitions, configEntries: times },
      { topic: names.health_scores, numPartitions: plan.partitions, configEntries: times },
      { topic: names.dead_letters, numPartitions: 1, configEntries: kept(30) },
      { topic: names.keys, numPartitions: 1, configEntries: kept(1) },
    ].filter(({ topic }) => !present.has(topic));
    if (wanted.length > 0) {
      await admin.createTopics({
        waitForLeaders: true,
        topics: wanted.map((topic) => ({ ...topic, replicationFactor })),
      });
      logger.info({ topics: wanted.map(({ topic }) => topic) }, "created topics");
    }
    const { topics } = await admin.fetchTopicMetadata({
      topics: [names.sensor_readings, names.health_scores],
    });
    const count = (name: string) => topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
    const readings = count(names.sensor_readings);
    if (count(names.health_scores) < readings)
      throw new ForesightError(
        "invalid_request",
        `The topic ${names.health_scores} needs as many partitions as ${names.sensor_readings} has (${readings}).`,
      );
    await warnOfProducersTime(admin, names.sensor_readings, logger);
    return readings;
  } catch (error) {
    if (error instanceof ForesightError) throw error;
    throw new ForesightError(
      "unavailable",
      `Kafka's topics cannot be looked at or created: ${error instanceof Error ? error.message : String(error)}`,
      { retry_after_s: 5, cause: error },
    );
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function warnOfProducersTime(
  admin: ReturnType<Kafka["admin"]>,
  topic: string,
  logger: Logger,
): Promise<void> {
  const { resources } = await admin
    .describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ["message.timestamp.type"] }],
    })
    // Not everybody may look at a topic's configuration, and it is only for a warning.
    .catch(() => ({ resources: [] }));
  const entry = resources[0]?.configEntries.find(({ configName }) => configName === "message.timestamp.type");
  if (entry !== undefined && entry.configValue !== "LogAppendTime")
    logger.warn(
      { topic },
      "the topic keeps its producers' own times, so ages and silences are only as good as their clocks; " +
        "set message.timestamp.type=LogAppendTime",
    );
}
