import { type KafkaServer, startKafka } from "./kafka-server.ts";
import { type MongoServer, startMongo } from "./mongo-server.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

/** How the product is told where its servers are. */
export interface ServiceAddresses {
  KAFKA_BROKERS: string;
  MONGODB_URI: string;
  REDIS_URL: string;
}

export interface Services {
  kafka: KafkaServer;
  mongo: MongoServer;
  redis: RedisServer;
  addresses: ServiceAddresses;
  /** Nothing is left of them. */
  stop(): Promise<void>;
}

/** Starts all three at once. @throws Error of the first that failed, the others being stopped */
export async function startServices(): Promise<Services> {
  const started = await Promise.allSettled([startKafka(), startMongo(), startRedis()]);
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await Promise.all(started.map((result) => result.status === "fulfilled" && result.value.stop()));
    throw failed.reason;
  }
  const [kafka, mongo, redis] = started.map((result) => result.status === "fulfilled" && result.value) as [
    KafkaServer,
    MongoServer,
    RedisServer,
  ];
  return {
    kafka,
    mongo,
    redis,
    addresses: { KAFKA_BROKERS: kafka.brokers, MONGODB_URI: mongo.uri, REDIS_URL: redis.url },
    stop: async () => {
      await Promise.all([kafka.stop(), mongo.stop(), redis.stop()]);
    },
  };
}
