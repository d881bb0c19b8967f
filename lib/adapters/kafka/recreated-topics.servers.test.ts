import kafkajs from "kafkajs";
import { afterAll, expect, inject, it, vi } from "vitest";
import { ruleSchema } from "../../domain/rule.ts";
import { createProcessor } from "../../processor/processor.ts";
import { fakeLogger } from "../../testing/fake-system.ts";
import { counting, freshPrefix, openLog } from "../../testing/kafka-log.ts";
import { testDatabase } from "../../testing/mongo-database.ts";
import { topicNames } from "./client.ts";

const { KAFKA_BROKERS, MONGODB_URI } = inject("services");
const HOT = ruleSchema.parse({
  id: "hot",
  title: "Hot",
  sensor_type: "temperature",
  severity: "critical",
  unit: "celsius",
  condition: { kind: "above", limit: 90 },
});
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

it("[R-7.14] in topics made anew, the same at the same offset is another alert, and health goes on", async () => {
  const topic_prefix = freshPrefix();
  const database = await testDatabase(MONGODB_URI);
  ends.push(() => database.dispose());
  const store = await database.open({ clock: { now: Date.now } });
  await store.addTenant({ tenant_id: "acme", name: "Acme", created_at: 0 }, [HOT]);

  /** Two cool readings and a hot one, from `from` on by their own time, through a log and a processor of their own. */
  async function run(from: number): Promise<void> {
    const log = await openLog(KAFKA_BROKERS, { topic_prefix, dead_letters: true });
    const processor = createProcessor({
      log,
      store,
      clock: { now: Date.now },
      logger: fakeLogger(),
      metrics: counting().metrics,
      publishHealth: (scores) => log.publishHealth(scores),
    });
    try {
      await processor.start();
      const temperature = { sensor_type: "temperature", unit: "celsius", quality: "good" } as const;
      const at = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP", ...temperature };
      for (const [second, value] of [70, 71, 95].entries())
        await log.append("acme", [{ ...at, value, timestamp: from + second * 1_000 }]);
      await vi.waitFor(async () => expect(await processor.lag()).toBe(0), { timeout: 20_000 });
    } finally {
      await processor.stop();
      await log.stop();
    }
  }

  const day = Date.UTC(2024, 0, 1);
  await run(day);
  const [old] = await store.alerts("acme", { limit: 10 });
  await store.execute("acme", [
    { kind: "resolve", event_id: "by-hand", at: Date.now(), by: "operator", alert_id: old!.id },
  ]);

  const admin = new kafkajs.Kafka({ brokers: KAFKA_BROKERS.split(",") }).admin();
  await admin.connect();
  ends.push(() => admin.disconnect());
  const names = Object.values(topicNames(topic_prefix));
  await admin.deleteTopics({ topics: names });
  await vi.waitFor(async () => {
    const present = await admin.listTopics();
    expect(names.filter((name) => present.includes(name))).toEqual([]);
  }, 10_000);
  await run(day + 3_600_000);

  const alerts = await store.alerts("acme", { limit: 10 });
  const place = (id: string) => id.slice(0, id.lastIndexOf("."));
  expect(alerts.map(({ id, state }) => [place(id), state]).sort()).toEqual([
    ["hot:PUMP-001:PUMP-001-TEMP:raise@2", "open"],
    ["hot:PUMP-001:PUMP-001-TEMP:raise@2", "resolved"],
  ]);
  const history = await store.healthHistory("acme", { asset_id: "PUMP-001" });
  expect(history.filter(({ timestamp }) => timestamp >= day + 3_600_000).length).toBeGreaterThanOrEqual(2);
});
