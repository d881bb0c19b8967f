import { expect, it } from "vitest";
import { ForesightError } from "../../domain/errors.ts";
import type { HealthScore } from "../../domain/health.ts";
import { fakeLogger } from "../../testing/fake-system.ts";
import { collect } from "../../testing/log-collector.ts";
import { offsetIn, positionAt } from "./log-position.ts";
import { Signal, subscribeTo, type TopicSource } from "./log-subscription.ts";

/** A log in memory: offsets are the scores' own numbers. */
function sourceOf(extent: { log_id: string; earliest: number; head: number }, failures = { left: 0 }) {
  const source: TopicSource<"health_scores"> = {
    signal: new Signal(),
    extent: async () => ({ ...extent }),
    since: async () => positionAt(extent.log_id, extent.head),
    read(from, max_values) {
      if (failures.left > 0) {
        failures.left--;
        throw new ForesightError("unavailable", "Not now.");
      }
      const offset = offsetIn(extent, from);
      const to = Math.min(extent.head, offset + max_values);
      const values = Array.from({ length: to - offset }, (_, i) => ({ score: offset + i }) as HealthScore);
      const batch = { partition: 0, first_offset: offset, tenant_id: "acme", received_at: 0, values };
      return { batches: values.length === 0 ? [] : [batch], position: positionAt(extent.log_id, to) };
    },
  };
  return source;
}

it("asks again where the source fails, and wakes for what is added", async () => {
  const extent = { log_id: "log", earliest: 0, head: 3 };
  const failures = { left: 0 };
  const source = sourceOf(extent, failures);
  const logger = fakeLogger();
  const collector = await collect(
    {
      subscribe: async (_topic, start, handler) =>
        subscribeTo(source, "health_scores", start, handler as never, logger),
    },
    "health_scores",
    "earliest",
  );
  await collector.until(3);
  failures.left = 2;
  extent.head = 5;
  source.signal.notify();
  await collector.until(5);
  expect(collector.values().map(({ score }) => score)).toEqual([0, 1, 2, 3, 4]);
  expect(logger.lines.map(({ message }) => message)).toEqual([
    "reading the log failed",
    "reading the log failed",
  ]);
  await collector.stop();
});

it("goes on at the earliest kept record where retention has overtaken it, and says so", async () => {
  const extent = { log_id: "log", earliest: 0, head: 2 };
  const source = sourceOf(extent);
  const logger = fakeLogger();
  const seen: number[] = [];
  const subscription = await subscribeTo(
    source,
    "health_scores",
    "earliest",
    (batches) => void seen.push(...batches.flatMap(({ values }) => values.map(({ score }) => score!))),
    logger,
  );
  await expect.poll(() => seen).toEqual([0, 1]);
  Object.assign(extent, { earliest: 8, head: 10 });
  source.signal.notify();
  await expect.poll(() => seen).toEqual([0, 1, 8, 9]);
  expect(logger.lines).toMatchObject([{ level: "error", fields: { offset: 2, earliest: 8 } }]);
  await subscription.stop();
});

it("stops in the middle of a pause after a failure", async () => {
  const subscription = await subscribeTo(
    sourceOf({ log_id: "log", earliest: 0, head: 1 }),
    "health_scores",
    "earliest",
    () => {
      throw new Error("always");
    },
    fakeLogger(),
  );
  await subscription.stop();
  expect(subscription.position()).toEqual(positionAt("log", 0));
});
