/** What the tests on a real broker share. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createKafkaLog, type KafkaLog, type KafkaLogOptions } from "../adapters/kafka/event-log.ts";
import { createReadingValidator } from "../ingest/validate-reading.ts";
import type { Logger, Metrics } from "../ports/system.ts";
import { fakeLogger } from "./fake-system.ts";

export const freshPrefix = (): string => `t-${randomUUID().slice(0, 8)}.`;

export interface Counted {
  metrics: Metrics;
  of(name: string): number;
}

export function counting(): Counted {
  const counted = new Map<string, number>();
  return {
    metrics: {
      increment: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
      gauge: () => undefined,
      observe: () => undefined,
    },
    of: (name) => counted.get(name) ?? 0,
  };
}

export async function openLog(
  brokers: string,
  options: Partial<KafkaLogOptions> & { metrics?: Metrics; logger?: Logger } = {},
): Promise<KafkaLog> {
  const log = createKafkaLog({
    connection: { brokers: brokers.split(",") },
    topic_prefix: freshPrefix(),
    partitions: 1,
    validate: createReadingValidator({ earliest: Date.UTC(2000, 0, 1), max_ahead_ms: 600_000 }),
    clock: { now: Date.now },
    logger: fakeLogger(),
    metrics: counting().metrics,
    ...options,
  });
  await log.start();
  return log;
}

/** Debian's kcat as the foreign producer: one record a line of `lines`. */
export function kcat(brokers: string, topic: string, lines: string[], options: string[] = []): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      "kcat",
      ["-P", "-b", brokers, "-t", topic, "-X", "topic.partitioner=murmur2_random", ...options],
      { stdio: ["pipe", "ignore", "pipe"] },
    );
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said += data;
    });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`kcat: ${said}`))));
    child.stdin.end(`${lines.join("\n")}\n`);
  });
}
