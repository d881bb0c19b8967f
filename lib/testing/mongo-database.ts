/** Stores on databases of their own, for the tests on a server. */
import { randomUUID } from "node:crypto";
import { type CommandStartedEvent, MongoClient } from "mongodb";
import { type Collections, collectionsOf } from "../adapters/mongo/collections.ts";
import { createMongoStore, type MongoStore, type MongoStoreOptions } from "../adapters/mongo/store.ts";
import { fakeClock, fakeLogger, fakeMetrics } from "./fake-system.ts";
import { databaseUri } from "./services/mongo-server.ts";

export interface TestDatabase {
  uri: string;
  collections: Collections;
  clock: ReturnType<typeof fakeClock>;
  logger: ReturnType<typeof fakeLogger>;
  metrics: ReturnType<typeof fakeMetrics>;
  client: MongoClient;
  /** A started store on it. */
  open(options?: Partial<MongoStoreOptions>): Promise<MongoStore>;
  /** Stops the stores and removes the data. */
  dispose(): Promise<void>;
}

export async function testDatabase(server: string): Promise<TestDatabase> {
  const database = `mongo_test_${randomUUID().slice(0, 8)}`;
  const uri = databaseUri(server, database);
  const client = new MongoClient(uri, { promoteBuffers: true });
  const opened: MongoStore[] = [];
  const clock = fakeClock();
  const logger = fakeLogger();
  const metrics = fakeMetrics();
  return {
    uri,
    client,
    collections: collectionsOf(client.db()),
    clock,
    logger,
    metrics,
    async open(options = {}) {
      const watcher = `test-${opened.length}`;
      const store = createMongoStore({ uri, clock, logger, metrics, watcher, ...options });
      opened.push(store);
      await store.start();
      return store;
    },
    async dispose() {
      for (const store of opened) await store.stop();
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

export async function dropDatabase(uri: string): Promise<void> {
  const client = new MongoClient(uri);
  await client.db().dropDatabase();
  await client.close();
}

/** Everything that a store asks its server from now on. */
export function commandsOf(store: MongoStore): CommandStartedEvent[] {
  const commands: CommandStartedEvent[] = [];
  store.client().on("commandStarted", (event) => commands.push(event));
  return commands;
}
