import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { openLog } from "../../testing/kafka-log.ts";
import { type Collector, collect } from "../../testing/log-collector.ts";
import { type KafkaServer, startKafka } from "../../testing/services/kafka-server.ts";
import { freePorts } from "../../testing/services/server-process.ts";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy.ts";
import type { KafkaLog } from "./event-log.ts";

describe("the log while its broker is away", () => {
  let kafka: KafkaServer;
  let log: KafkaLog;
  let collector: Collector<"sensor_readings">;
  const acknowledged: number[] = [];
  let n = 0;

  beforeAll(async () => {
    kafka = await startKafka();
    log = await openLog(kafka.brokers, { partitions: 3 });
    collector = await collect(log, "sensor_readings", "earliest");
  });
  afterAll(async () => {
    await log?.stop();
    await kafka?.stop();
  });

  async function append(count: number): Promise<void> {
    const readings = readingsOf(count, n);
    n += count;
    await log.append("acme", readings);
    acknowledged.push(...readings.map(({ value }) => value));
  }
  const distinct = () => new Set(collector.values().map(({ value }) => value));
  const arrived = async () => {
    await expect
      .poll(() => acknowledged.every((value) => distinct().has(value)), { timeout: 30_000 })
      .toBe(true);
    // A refused append may have been taken all the same, and its values are told apart from acknowledged ones.
    const order = new Map<string, number>();
    for (const { asset_id, value } of collector.values()) {
      expect(value).toBeGreaterThan(order.get(asset_id) ?? -1);
      order.set(asset_id, value);
    }
  };
  const takesAgain = () =>
    expect
      .poll(
        () =>
          append(30).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000, interval: 200 },
      )
      .toBe(true);

  it("[fault 1] [R-6.12] refuses with a time to come back while it is killed, and loses nothing that was acknowledged", async () => {
    const flow = Array.from({ length: 20 }, () => append(50));
    await Promise.all(flow.slice(0, 10));
    await kafka.kill();
    await Promise.allSettled(flow);
    const begun = performance.now();
    await expect(append(10)).rejects.toMatchObject({
      code: "unavailable",
      options: { retry_after_s: expect.any(Number) },
    });
    await expect(append(10)).rejects.toMatchObject({ code: "unavailable" });
    expect(performance.now() - begun).toBeLessThan(10_000);
    await kafka.restart();
    await takesAgain();
    await arrived();
  });

  it("[fault 2] goes on by itself when it is stopped and continued", async () => {
    await append(100);
    kafka.pause();
    await expect(append(10)).rejects.toMatchObject({ code: "unavailable" });
    kafka.resume();
    await takesAgain();
    await arrived();
  });
});

describe("a reader whose connection swallows everything", () => {
  it("[fault 3] makes a new one and misses nothing", async () => {
    let proxy: TcpProxy | undefined;
    let kafka: KafkaServer | undefined;
    let log: KafkaLog | undefined;
    try {
      // The broker tells its clients where it is, so it has to name the proxy.
      const [port, advertised_port] = (await freePorts(2)) as [number, number];
      proxy = await startTcpProxy({ port }, { port: advertised_port });
      kafka = await startKafka({ port, advertised_port });
      log = await openLog(kafka.brokers);
      const collector = await collect(log, "sensor_readings", "earliest");
      await log.append("acme", readingsOf(5));
      await collector.until(5);
      proxy.set({ kind: "black_hole" });
      await expect(log.append("acme", readingsOf(5, 5))).rejects.toMatchObject({ code: "unavailable" });
      proxy.set({ kind: "cut" });
      proxy.set({ kind: "none" });
      const own = log;
      await expect
        .poll(
          () =>
            own.append("acme", readingsOf(5, 10)).then(
              () => true,
              () => false,
            ),
          { timeout: 30_000 },
        )
        .toBe(true);
      await expect
        .poll(() => collector.values().some(({ value }) => value === 14), { timeout: 30_000 })
        .toBe(true);
    } finally {
      await log?.stop();
      await proxy?.close();
      await kafka?.stop();
    }
  });
});
