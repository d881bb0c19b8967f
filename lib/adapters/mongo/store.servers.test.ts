import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { inject } from "vitest";
import type { Store } from "../../ports/store.ts";
import { fakeClock } from "../../testing/fake-system.ts";
import { databaseUri } from "../../testing/services/mongo-server.ts";
import { describeStore } from "../../testing/store-contract.ts";
import { createMongoStore } from "./store.ts";

const { MONGODB_URI } = inject("services");

describeStore("the store on MongoDB", async () => {
  const database = `contract_${randomUUID().slice(0, 8)}`;
  const opened: Store[] = [];
  return {
    health_log_outside: true,
    open() {
      const store = createMongoStore({
        uri: databaseUri(MONGODB_URI, database),
        clock: fakeClock(),
        watcher: `w${opened.length}`,
      });
      opened.push(store);
      return store;
    },
    async dispose() {
      for (const store of opened) await store.stop();
      const client = new MongoClient(MONGODB_URI);
      await client.db(database).dropDatabase();
      await client.close();
    },
  };
});
