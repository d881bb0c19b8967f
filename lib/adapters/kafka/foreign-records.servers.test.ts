import { gzipSync } from "node:zlib";
import { CompressionTypes, Kafka, logLevel, Partitioners } from "kafkajs";
import { afterEach, describe, expect, inject, it } from "vitest";
import { counting, freshPrefix, kcat, openLog } from "../../testing/kafka-log.ts";
import { collect } from "../../testing/log-collector.ts";
import { listDeadLetters, replayDeadLetters } from "./dead-letter-queue.ts";
import type { KafkaLog } from "./event-log.ts";

const { KAFKA_BROKERS } = inject("services");
const connection = { brokers: KAFKA_BROKERS.split(",") };

const body = (value: number, more: object = {}) => ({
  tenant_id: "acme",
  asset_id: "PUMP-001",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  value,
  unit: "celsius",
  timestamp: new Date(Date.UTC(2024, 0, 1) + value * 1_000).toISOString(),
  ...more,
});
const KEY = "acme:PUMP-001";

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(
  more: Parameters<typeof openLog>[1] = {},
): Promise<{ log: KafkaLog; topic_prefix: string }> {
  const topic_prefix = freshPrefix();
  const log = await openLog(KAFKA_BROKERS, { topic_prefix, ...more });
  opened.push(() => log.stop());
  return { log, topic_prefix };
}

async function foreignProducer() {
  const producer = new Kafka({ ...connection, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  opened.push(() => producer.disconnect());
  return producer;
}

const follow = (log: KafkaLog) =>
  collect(log, "sensor_readings", "earliest", () => undefined, { gaps: true });

describe("records of foreign producers", () => {
  it("[bad input 56] [R-6.13] are read in each of Kafka's codecs", async () => {
    const { log, topic_prefix } = await open();
    const collector = await follow(log);
    const codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
    for (const [i, codec] of codecs.entries())
      await kcat(
        KAFKA_BROKERS,
        `${topic_prefix}sensor_readings`,
        Array.from({ length: 200 }, (_, n) => `${KEY}|${JSON.stringify(body(i * 200 + n))}`),
        ["-K", "|", "-z", codec],
      );
    await collector.until(1_000);
    expect(collector.values().map(({ value }) => value)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(collector.batches.every(({ tenant_id }) => tenant_id === "acme")).toBe(true);
  });

  it("are in the partition where our own producer puts the same key", async () => {
    const { log, topic_prefix } = await open({ partitions: 5 });
    const assets = Array.from({ length: 40 }, (_, n) => `PUMP-${n}`);
    const collector = await follow(log);
    for (const asset_id of assets) {
      const { tenant_id: _, timestamp, ...reading } = body(1, { asset_id });
      await log.append("acme", [{ ...reading, quality: "good", timestamp: Date.parse(timestamp) }]);
    }
    await kcat(
      KAFKA_BROKERS,
      `${topic_prefix}sensor_readings`,
      assets.map((asset_id) => `acme:${asset_id}|${JSON.stringify(body(2, { asset_id }))}`),
      ["-K", "|"],
    );
    await collector.until(80);
    const places = new Map<string, Set<number>>();
    for (const { partition, values } of collector.batches)
      for (const { asset_id } of values)
        places.set(asset_id, (places.get(asset_id) ?? new Set()).add(partition));
    expect([...places.values()].map(({ size }) => size)).toEqual(assets.map(() => 1));
  });

  it("[bad input 51] [bad input 52] [bad input 53] [bad input 54] [bad input 55] go to the dead letters where they cannot be read, with where from and why, and the lag drains", async () => {
    const { metrics, of } = counting();
    const { log, topic_prefix } = await open({ dead_letters: true, metrics });
    const topic = `${topic_prefix}sensor_readings`;
    const producer = await foreignProducer();
    await producer.send({
      topic,
      messages: [
        { key: KEY, value: JSON.stringify(body(0)) },
        { key: KEY, value: "{no json" },
        { key: KEY, value: JSON.stringify({ ...body(2), value: "hot" }) },
        { key: KEY, value: null },
        { key: KEY, value: JSON.stringify(body(4, { note: "x".repeat(100_000) })) },
        { key: "globex:PUMP-001", value: JSON.stringify(body(5)) },
        { key: KEY, value: JSON.stringify(body(6, { timestamp: "1999-12-31T00:00:00Z" })) },
        { key: KEY, value: Buffer.from([0x7b, 0xff, 0xfe]) },
        { value: JSON.stringify(body(8)) },
        { key: KEY, value: JSON.stringify(body(9)) },
        { key: KEY, value: "last" },
      ],
    });
    const collector = await follow(log);
    await collector.until(3);
    expect(collector.values().map(({ value }) => value)).toEqual([0, 8, 9]);
    await expect.poll(() => collector.position()).toEqual(await log.head("sensor_readings"));

    const letters = await listDeadLetters({ connection, topic_prefix });
    expect(letters.map(({ topic: from, partition, offset }) => [from, partition, offset])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 10].map((offset) => [topic, 0, offset]),
    );
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("no JSON"),
      expect.stringContaining("value"),
      "the value is null",
      expect.stringContaining("at most 65536"),
      expect.stringContaining('the key is not "acme:PUMP-001"'),
      expect.stringContaining("before 2000"),
      expect.stringContaining("no JSON in UTF-8"),
      expect.stringContaining("no JSON"),
    ]);
    expect(letters[0]?.value?.toString()).toBe("{no json");
    expect(of("foresight_dead_letters_total")).toBe(8);
    expect(of("foresight_foreign_keys_total")).toBe(1);
  });

  it("[bad input 57] do no harm as a bomb: it is put aside as a whole, and what follows is read", async () => {
    const { log, topic_prefix } = await open({ dead_letters: true });
    const topic = `${topic_prefix}sensor_readings`;
    const producer = await foreignProducer();
    const collector = await follow(log);
    const bomb = Buffer.alloc(70 * 1024 * 1024);
    expect(gzipSync(bomb).length).toBeLessThan(300_000);
    await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ key: KEY, value: bomb }] });
    await producer.send({ topic, messages: [{ key: KEY, value: JSON.stringify(body(1)) }] });
    await collector.until(1);
    expect(collector.values().map(({ value }) => value)).toEqual([1]);
    const letters = await listDeadLetters({ connection, topic_prefix });
    expect(letters).toMatchObject([{ offset: 0, reason: expect.stringContaining("larger than 64 MB") }]);
  });

  it("are read without those of transactions that were aborted", async () => {
    const { log, topic_prefix } = await open();
    const topic = `${topic_prefix}sensor_readings`;
    const producer = new Kafka({ ...connection, logLevel: logLevel.NOTHING }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: topic_prefix,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    opened.push(() => producer.disconnect());
    for (const [value, kept] of [
      [1, true],
      [2, false],
      [3, true],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: KEY, value: JSON.stringify(body(value)) }] });
      await (kept ? transaction.commit() : transaction.abort());
    }
    const collector = await follow(log);
    await collector.until(2);
    expect(collector.values().map(({ value }) => value)).toEqual([1, 3]);
    await expect.poll(() => collector.position()).toEqual(await log.head("sensor_readings"));
  });

  it("come back from the dead letters when they are replayed", async () => {
    const { log, topic_prefix } = await open({ dead_letters: true });
    const topic = `${topic_prefix}sensor_readings`;
    const producer = await foreignProducer();
    const collector = await follow(log);
    const good = JSON.stringify(body(7));
    await producer.send({
      topic: `${topic}.dlq`,
      messages: [
        { key: KEY, value: good, headers: { topic, partition: "0", offset: "5", reason: "a rule of old" } },
        { key: KEY, value: good, headers: { topic, partition: "0", offset: "5", reason: "a rule of old" } },
      ],
    });
    const letters = await listDeadLetters({ connection, topic_prefix });
    expect(letters).toMatchObject([{ partition: 0, offset: 5, reason: "a rule of old" }]);
    expect(await replayDeadLetters({ connection, topic_prefix }, letters)).toEqual({ replayed: 1, left: 0 });
    await collector.until(1);
    expect(collector.values().map(({ value }) => value)).toEqual([7]);
  });
});
