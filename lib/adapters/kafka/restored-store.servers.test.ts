import { afterAll, expect, inject, it, vi } from "vitest";
import { createProcessor } from "../../processor/processor.ts";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { fakeLogger } from "../../testing/fake-system.ts";
import { counting, openLog } from "../../testing/kafka-log.ts";
import { testDatabase } from "../../testing/mongo-database.ts";
import type { MongoStore } from "../mongo/store.ts";
import type { KafkaLog } from "./event-log.ts";

const { KAFKA_BROKERS, MONGODB_URI } = inject("services");
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function processAll(log: KafkaLog, store: MongoStore): Promise<void> {
  const processor = createProcessor({
    log,
    store,
    clock: { now: Date.now },
    logger: fakeLogger(),
    metrics: counting().metrics,
    publishHealth: (scores) => log.publishHealth(scores),
  });
  await processor.start();
  await vi.waitFor(async () => expect(await processor.lag()).toBe(0), { timeout: 60_000, interval: 100 });
  await processor.stop();
}

it("[R-7.20] a database restored from an older backup is brought up to date from what Kafka has kept", async () => {
  const clock = { now: Date.now };
  const log = await openLog(KAFKA_BROKERS, { partitions: 3, dead_letters: true });
  ends.push(() => log.stop());
  const before = await testDatabase(MONGODB_URI);
  ends.push(() => before.dispose());
  const store = await before.open({ clock });
  await store.addTenant({ tenant_id: "acme", name: "Acme", created_at: 0 }, []);
  await log.append("acme", readingsOf(2_000, 0, 20));
  await processAll(log, store);

  // The backup: every document as it stands, into a database of its own.
  const after = await testDatabase(MONGODB_URI);
  ends.push(() => after.dispose());
  for (const { collectionName } of await before.client.db().collections()) {
    const documents = await before.client.db().collection(collectionName).find().toArray();
    if (documents.length > 0) await after.client.db().collection(collectionName).insertMany(documents);
  }
  await log.append("acme", readingsOf(1_000, 2_000, 20));
  await processAll(log, store);

  const restored = await after.open({ clock });
  expect((await restored.stats("acme")).readings).toBe(2_000);
  await processAll(log, restored);
  expect(await restored.stats("acme")).toEqual(await store.stats("acme"));
  for (const asset_id of ["PUMP-000", "PUMP-013"]) {
    const query = { asset_id, sensor_id: `${asset_id}-TEMP`, limit: 1_000 };
    expect(await restored.page("acme", query)).toEqual(await store.page("acme", query));
    expect(await restored.healthHistory("acme", { asset_id })).toEqual(
      await store.healthHistory("acme", { asset_id }),
    );
  }
});
