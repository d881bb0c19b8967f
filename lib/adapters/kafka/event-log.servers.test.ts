import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { createReadingValidator } from "../../ingest/validate-reading.ts";
import { describeEventLog } from "../../testing/event-log-contract.ts";
import { fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { createKafkaLog } from "./event-log.ts";

const { KAFKA_BROKERS } = inject("services");

for (const partitions of [1, 3])
  describeEventLog(
    `Kafka with ${partitions} ${partitions === 1 ? "partition" : "partitions"}`,
    async () => {
      const topic_prefix = `log-${randomUUID().slice(0, 8)}.`;
      const open = async () => {
        const log = createKafkaLog({
          connection: { brokers: KAFKA_BROKERS.split(",") },
          topic_prefix,
          partitions,
          validate: createReadingValidator(undefined),
          clock: { now: Date.now },
          logger: fakeLogger(),
          metrics: fakeMetrics(),
        });
        await log.start();
        return log;
      };
      let log = await open();
      return {
        log,
        async restart() {
          await log.stop();
          log = await open();
          return log;
        },
        async later() {
          const then = Date.now();
          while (Date.now() <= then + 1) await new Promise((resolve) => setImmediate(resolve));
        },
        dispose: () => log.stop(),
      };
    },
    { idempotency_keys: true, partitioned: partitions > 1 },
  );
