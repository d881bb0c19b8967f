import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { fakeLogger } from "../../testing/fake-system.ts";
import { openLog } from "../../testing/kafka-log.ts";
import { collect } from "../../testing/log-collector.ts";
import { type KafkaServer, startKafka } from "../../testing/services/kafka-server.ts";
import type { KafkaConnection } from "./client.ts";
import { createClient, topicNames } from "./client.ts";
import { ensureTopics } from "./topics.ts";

describe("a broker that asks for TLS and a password", () => {
  let kafka: KafkaServer;
  let connection: KafkaConnection;
  beforeAll(async () => {
    const account = { username: "app", password: "a-password-of-the-tests" };
    kafka = await startKafka({ sasl: account });
    connection = {
      brokers: [kafka.brokers],
      ssl: { ca: kafka.ca! },
      sasl: { mechanism: "plain", ...account },
    };
  });
  afterAll(() => kafka?.stop());

  it("is written to and read", async () => {
    const log = await openLog(kafka.brokers, { connection });
    const collector = await collect(log, "sensor_readings", "earliest");
    await log.append("acme", readingsOf(10));
    await collector.until(10);
    expect(collector.values()).toEqual(readingsOf(10));
    await log.stop();
  });

  it.each([
    ["a wrong password", () => ({ ...connection, sasl: { ...connection.sasl!, password: "not-the-one" } })],
    ["a certificate that it does not know", () => ({ ...connection, ssl: true })],
  ])("is refused for %s by a sentence that keeps the secret", async (_, wrong) => {
    const plan = { partitions: 1, replication: -1 };
    const logger = fakeLogger();
    const error = await ensureTopics(createClient(wrong(), logger), topicNames("x."), plan, logger).catch(
      (refusal: unknown) => refusal,
    );
    expect(error).toMatchObject({ code: "unavailable" });
    expect(String(error)).not.toMatch(/not-the-one|a-password-of-the-tests/);
  });
});
