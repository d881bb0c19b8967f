import { randomBytes } from "node:crypto";
import { type KafkaServer, startKafka } from "../../../lib/testing/services/kafka-server.ts";
import { databaseUri, type MongoServer, startMongo } from "../../../lib/testing/services/mongo-server.ts";
import { type RedisServer, startRedis } from "../../../lib/testing/services/redis-server.ts";
import { freePorts } from "../../../lib/testing/services/server-process.ts";
import { startTcpProxy, type TcpProxy } from "../../../lib/testing/tcp-proxy.ts";
import { World } from "./world.ts";

export interface ServersWorld {
  world: World;
  kafka: KafkaServer;
  redis: RedisServer;
  mongo: MongoServer;
  /** Stands before the MongoDB-compatible server, which loses what it has when it is killed: a cut looks the same. */
  mongo_proxy: TcpProxy;
  kafka_proxy: TcpProxy;
}

/** Starts a Kafka, a MongoDB-compatible server and a Redis of its own, and ends them for certain. */
export async function onServers<T>(
  options: { web: number; processors: number; change_streams?: boolean },
  use: (servers: ServersWorld) => Promise<T>,
): Promise<T> {
  const ending: (() => Promise<void>)[] = [];
  try {
    // The broker tells its clients where it is, so it has to name the proxy.
    const [port, advertised_port] = (await freePorts(2)) as [number, number];
    const kafka_proxy = await startTcpProxy({ port }, { port: advertised_port });
    ending.push(() => kafka_proxy.close());
    const [kafka, mongo, redis] = await Promise.all([
      startKafka({ port, advertised_port }).then((server) => {
        ending.push(() => server.stop());
        return server;
      }),
      startMongo({ change_streams: options.change_streams ?? true }).then((server) => {
        ending.push(() => server.stop());
        return server;
      }),
      startRedis().then((server) => {
        ending.push(() => server.stop());
        return server;
      }),
    ]);
    const mongo_proxy = await startTcpProxy({ port: mongo.port });
    ending.push(() => mongo_proxy.close());
    const world = new World({
      KAFKA_BROKERS: kafka.brokers,
      MONGODB_URI: databaseUri(mongo.uri.replace(`:${mongo.port}`, `:${mongo_proxy.port}`), "foresight"),
      REDIS_URL: redis.url,
      NEXTAUTH_SECRET: randomBytes(48).toString("base64url"),
    });
    ending.push(() => world.close());
    const both = options.processors === 0;
    // The first makes topics, indexes and the demo tenant.
    await world.start("web 1", { env: { ROLES: both ? "web,processor" : "web" } });
    const rest: [string, "web" | "processor"][] = [];
    for (let i = 2; i <= options.web; i++) rest.push([`web ${i}`, "web"]);
    for (let i = 1; i <= options.processors; i++) rest.push([`processor ${i}`, "processor"]);
    await Promise.all(rest.map(([name, role]) => world.start(name, { env: { ROLES: role }, role })));
    return await use({ world, kafka, mongo, redis, mongo_proxy, kafka_proxy });
  } finally {
    for (const end of ending.reverse()) await end().catch(() => undefined);
  }
}
