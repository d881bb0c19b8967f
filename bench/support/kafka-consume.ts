/** One way to consume the bench's topic, filled by the first who comes: `kafka-consume BROKERS WAY PREFIX READINGS`. */
import { Kafka, logLevel } from "kafkajs";
import { createKafkaLog } from "../../lib/adapters/kafka/event-log.ts";
import { readingSchema } from "../../lib/domain/reading.ts";
import { createReadingValidator } from "../../lib/ingest/validate-reading.ts";
import { readingsOf } from "../../lib/testing/event-log-contract.ts";
import { fakeLogger, fakeMetrics } from "../../lib/testing/fake-system.ts";

const [brokers, way, prefix, count] = process.argv.slice(2) as [string, string, string, string];
const wanted = Number(count);
const connection = { brokers: brokers.split(",") };
const log = createKafkaLog({
  connection,
  topic_prefix: prefix,
  partitions: 1,
  validate: createReadingValidator(undefined),
  clock: { now: Date.now },
  logger: fakeLogger(),
  metrics: fakeMetrics(),
});
await log.start();
/** 300 sensors that are read together each second. */
const stretch = (from: number) =>
  readingsOf(1_000, from, 300).map((reading, i) => ({
    ...reading,
    timestamp: Date.UTC(2024, 0, 1) + Math.floor((from + i) / 300) * 1_000,
  }));
const { next } = await log.head("sensor_readings");
for (let n = next[0] ?? 0; n < wanted; n += 1_000) await log.append("bench", stretch(n));

/** Those before are not counted: the engine compiles what it runs often. */
const warm = Math.floor(wanted / 3);
let seen = 0;
let sum = 0;
let began = 0;
let cpu: NodeJS.CpuUsage | undefined;
let finish: () => void = () => undefined;
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});
const take = (value: number) => {
  if (seen === warm) {
    began = performance.now();
    cpu = process.cpuUsage();
  }
  sum += value;
  seen += 1;
  if (seen === wanted) finish();
};

if (way === "ours")
  await log.subscribe("sensor_readings", "earliest", (batches) => {
    for (const { values } of batches) for (const { value } of values) take(value);
  });
else {
  const consumer = new Kafka({ ...connection, logLevel: logLevel.NOTHING }).consumer({
    groupId: `bench-${process.pid}-${Date.now()}`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: `${prefix}sensor_readings`, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      take(readingSchema.parse(JSON.parse(message.value!.toString())).value);
    },
  });
}
await finished;
const rate = (wanted - warm) / ((performance.now() - began) / 1_000);
if (!Number.isFinite(sum)) throw new Error("The readings do not add up.");
const { user, system } = process.cpuUsage(cpu);
process.send?.({ rate, cpu_us: (user + system) / (wanted - warm) });
process.exit(0);
