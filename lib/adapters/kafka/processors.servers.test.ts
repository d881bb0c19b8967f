import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { STALE_AFTER_MS } from "../../domain/stale-score.ts";
import { createProcessor, type Processor } from "../../processor/processor.ts";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { fakeLogger } from "../../testing/fake-system.ts";
import { counting, freshPrefix, openLog } from "../../testing/kafka-log.ts";
import { collect } from "../../testing/log-collector.ts";
import { databaseUri } from "../../testing/services/mongo-server.ts";
import { createMongoStore, type MongoStore } from "../mongo/store.ts";
import type { KafkaLog } from "./event-log.ts";
import { createPartitionGroup } from "./partition-group.ts";

const { KAFKA_BROKERS, MONGODB_URI } = inject("services");
const clock = { now: Date.now };
/** How far the processors believe the time to be ahead. */
let ahead_ms = 0;

describe("several processors on one log", () => {
  const database = `processors_${randomUUID().slice(0, 8)}`;
  const topic_prefix = freshPrefix();
  const ends: (() => Promise<unknown>)[] = [];
  let web: KafkaLog;
  let store: MongoStore;
  let n = 0;

  const openStore = async (watcher: string) => {
    const opened = createMongoStore({ uri: databaseUri(MONGODB_URI, database), clock, watcher });
    await opened.start();
    ends.push(() => opened.stop());
    return opened;
  };

  /** A processor as a process of its own would have it: own connections to everything. */
  async function launch(name: string): Promise<{ processor: Processor; partitions(): number[] }> {
    const { metrics } = counting();
    const log = await openLog(KAFKA_BROKERS, { topic_prefix, dead_letters: true, metrics });
    const own = await openStore(name);
    const group = createPartitionGroup({
      connection: { brokers: KAFKA_BROKERS.split(",") },
      topic_prefix,
      clock,
      logger: fakeLogger(),
      metrics,
    });
    let partitions: number[] = [];
    const processor = createProcessor({
      log,
      store: own,
      clock: { now: () => Date.now() + ahead_ms },
      logger: fakeLogger(),
      metrics,
      publishHealth: (scores) => log.publishHealth(scores),
      group: {
        ...group,
        onAssignment: (listener) =>
          group.onAssignment((given) => {
            partitions = given;
            listener(given);
          }),
      },
    });
    await processor.start();
    ends.push(async () => {
      await processor.stop();
      await log.stop();
    });
    return { processor, partitions: () => partitions };
  }

  beforeAll(async () => {
    web = await openLog(KAFKA_BROKERS, { topic_prefix, partitions: 4 });
    store = await openStore("web");
    await store.addTenant({ tenant_id: "acme", name: "Acme", created_at: 0 }, []);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    await web?.stop();
    const client = new MongoClient(MONGODB_URI);
    await client.db(database).dropDatabase();
    await client.close();
  });

  async function append(count: number): Promise<void> {
    const from = n;
    n += count;
    await web.append("acme", readingsOf(count, from, 20));
  }
  const stored = () =>
    vi.waitFor(async () => expect((await store.stats("acme")).readings).toBe(n), {
      timeout: 30_000,
      interval: 200,
    });

  it("[fault 4] [R-6.14] split the partitions, and lose and double nothing while they come and go", async () => {
    await append(400);
    const first = await launch("p1");
    await stored();
    expect(first.partitions()).toEqual([0, 1, 2, 3]);

    let flowing = true;
    const flow = (async () => {
      while (flowing) await append(40);
    })();
    const second = await launch("p2");
    await vi.waitFor(
      () => {
        expect(first.partitions()).toHaveLength(2);
        expect(second.partitions()).toHaveLength(2);
      },
      { timeout: 20_000 },
    );
    expect([...first.partitions(), ...second.partitions()].sort()).toEqual([0, 1, 2, 3]);
    await append(400);
    await second.processor.stop();
    await vi.waitFor(() => expect(first.partitions()).toEqual([0, 1, 2, 3]), { timeout: 20_000 });
    flowing = false;
    await flow;
    await stored();

    // Each reading once: a store that was given one twice would count a duplicate, but not keep it twice.
    const page = await store.page("acme", {
      asset_id: "PUMP-007",
      sensor_id: "PUMP-007-TEMP",
      limit: 10_000,
    });
    expect(page.map(({ value }) => value)).toEqual(
      Array.from({ length: Math.ceil((n - 7) / 20) }, (_, i) => 7 + i * 20),
    );
    await vi.waitFor(async () => expect(await first.processor.lag()).toBe(0), { timeout: 10_000 });
  });

  it("[R-8.23] withhold the score of each silent asset once, whichever has it and however they come and go", async () => {
    const scores = await collect(web, "health_scores", "earliest", () => undefined, { gaps: true });
    const assets = Array.from({ length: 20 }, (_, i) => `PUMP-${String(i).padStart(3, "0")}`);
    const stale = () => scores.values().filter((score) => score.stale);
    const toldOf = () =>
      stale()
        .map(({ asset_id }) => asset_id)
        .sort();
    const caughtUp = async (...all: Processor[]) =>
      vi.waitFor(
        async () => expect(await Promise.all(all.map((one) => one.lag()))).toEqual(all.map(() => 0)),
        {
          timeout: 20_000,
        },
      );
    const [first, second] = [await launch("p3"), await launch("p4")];
    await vi.waitFor(() => expect(second.partitions().length).toBeGreaterThan(0), { timeout: 20_000 });
    await append(80);
    await caughtUp(first.processor, second.processor);
    ahead_ms = STALE_AFTER_MS;
    await vi.waitFor(() => expect(toldOf()).toEqual(assets), { timeout: 20_000 });

    await second.processor.stop();
    await vi.waitFor(async () =>
      expect((await store.asset("acme", assets[0]!))?.health).toMatchObject({ stale: true }),
    );
    ahead_ms = 0;
    await append(80);
    await caughtUp(first.processor);
    ahead_ms = STALE_AFTER_MS;
    await vi.waitFor(() => expect(stale().length).toBeGreaterThanOrEqual(40), { timeout: 20_000 });
    expect(toldOf()).toEqual(assets.flatMap((asset) => [asset, asset]));
    ahead_ms = 0;
  });

  it("publish each score in its source's partition, and the snapshot goes on behind it", async () => {
    await append(2_000);
    await stored();
    const scores = await collect(web, "health_scores", "earliest", () => undefined, { gaps: true });
    await vi.waitFor(() => expect(scores.values().length).toBeGreaterThan(0), { timeout: 20_000 });
    for (const { partition, values } of scores.batches)
      for (const score of values) expect(score.source_partition).toBe(partition);
    await vi.waitFor(
      async () => {
        const { positions } = await store.snapshot("acme");
        expect(positions.health_scores).toEqual(await web.head("health_scores"));
        expect(positions.sensor_data).toEqual(await web.head("sensor_readings"));
      },
      { timeout: 10_000 },
    );
  });
});
