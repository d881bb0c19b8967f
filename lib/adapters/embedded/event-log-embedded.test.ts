import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HealthScore } from "../../domain/health.ts";
import type { EventLog } from "../../ports/event-log.ts";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { fakeClock, fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { collect } from "../../testing/log-collector.ts";
import { storeFile } from "./data-files.ts";
import { createEmbeddedLog, type EmbeddedLogOptions } from "./event-log.ts";
import { openLogReader } from "./log-reader.ts";
import { openNews } from "./news.ts";
import { openDatabase, type SqliteDatabase } from "./sqlite.ts";

const HOUR = 3_600_000;

function scoreOf(n: number): HealthScore {
  return {
    tenant_id: "acme",
    asset_id: `PUMP-00${n % 3}`,
    timestamp: n * 1_000,
    received_at: n * 10,
    score: 90 - n,
    risk_level: "low",
    evidence: [],
    source_partition: 0,
    source_offset: n,
  };
}

function createHealthTable(path: string): SqliteDatabase {
  const db = openDatabase(path);
  db.transaction(() =>
    db.exec(`CREATE TABLE meta (key TEXT PRIMARY KEY, value);
             INSERT INTO meta VALUES ('store_id', 'store-1');
             CREATE TABLE health_log (offset INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL,
                                      received_at INTEGER NOT NULL, score TEXT NOT NULL)`),
  );
  return db;
}

function addScores(db: SqliteDatabase, from: number, to: number): void {
  const insert = db.prepare("INSERT INTO health_log VALUES (?, ?, ?, ?)");
  db.transaction(() => {
    for (let n = from; n < to; n++) insert.run(n, "acme", n * 10, JSON.stringify(scoreOf(n)));
  });
}

describe("the embedded log", () => {
  let data_dir: string;
  const clock = fakeClock();
  let ends: (() => unknown)[];
  beforeEach(() => {
    data_dir = mkdtempSync(join(tmpdir(), "foresight-embedded-"));
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(data_dir, { recursive: true });
  });

  async function open(more: Partial<EmbeddedLogOptions> = {}) {
    const logger = fakeLogger();
    const metrics = fakeMetrics();
    const log = createEmbeddedLog({ data_dir, clock, logger, metrics, retention_ms: 24 * HOUR, ...more });
    await log.start();
    ends.push(() => log.stop());
    return { log, logger, metrics };
  }
  const earliest = async (log: EventLog) => (await log.earliest("sensor_readings")).next[0];

  it("hands a reader that is caught up the appended objects themselves, without a way over the disk", async () => {
    const { log } = await open();
    const collector = await collect(log, "sensor_readings", "head");
    const readings = readingsOf(3);
    await log.append("acme", readings);
    await collector.until(3);
    for (const [i, value] of collector.values().entries()) expect(value).toBe(readings[i]);
  });

  it("switches from disk to memory without a gap or a double, while appends go on", async () => {
    const { log } = await open();
    for (let i = 0; i < 20; i++) await log.append("acme", readingsOf(5_000, i * 5_000, 1));
    const collector = await collect(log, "sensor_readings", "earliest");
    for (let i = 20; i < 30; i++) await log.append("acme", readingsOf(5_000, i * 5_000, 1));
    await collector.until(150_000);
    expect(collector.values().every(({ value }, i) => value === i)).toBe(true);
  });

  it("stores an append of any size whole", async () => {
    const { log } = await open();
    const { position } = await log.append("acme", readingsOf(30_000));
    expect(position.next[0]).toBe(30_000);
    const { batches } = await log.read("sensor_readings", await log.earliest("sensor_readings"), 100_000);
    expect(batches.flatMap(({ values }) => values)).toEqual(readingsOf(30_000));
  });

  it("orders by position where the clock steps back by five minutes", async () => {
    const { log } = await open();
    const first = await log.append("acme", readingsOf(1));
    clock.advance(-300_000);
    const second = await log.append("acme", readingsOf(1, 1));
    expect(second.received_at).toBe(first.received_at);
    expect(second.position.next[0]).toBe(2);
    clock.advance(300_000);
  });

  it("refuses more than it may hold until the disk has taken it, and says when to come back", async () => {
    const { log } = await open({ max_pending_bytes: 100_000 });
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => log.append("acme", readingsOf(300, i * 300))),
    );
    const refused = answers.filter((answer) => answer.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(10);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: "unavailable", options: { retry_after_s: 1 } });
    expect(await log.append("acme", readingsOf(300))).toMatchObject({ accepted: 300 });
    expect((await log.head("sensor_readings")).next[0]).toBe((10 - refused.length + 1) * 300);
  });

  it("removes what is older than its retention, but nothing that is still needed", async () => {
    let needed = 3;
    const { log } = await open({
      trim_every_ms: 5,
      keep_after: async () => ({ ...(await log.head("sensor_readings")), next: { 0: needed } }),
    });
    for (let i = 0; i < 4; i++) await log.append("acme", readingsOf(2, i * 2));
    clock.advance(25 * HOUR);
    await log.append("acme", readingsOf(2, 8));
    await expect.poll(() => earliest(log)).toBe(2);
    needed = 10;
    await expect.poll(() => earliest(log)).toBe(8);
    await expect(
      log.read("sensor_readings", { ...(await log.head("sensor_readings")), next: { 0: 0 } }, 1),
    ).resolves.toMatchObject({ batches: [{ first_offset: 0 }] });
  });

  it("starts its thread again when it dies; what was under way is refused, readers and writers go on", async () => {
    const terminated = vi.spyOn(Worker.prototype, "postMessage");
    const { log, metrics } = await open();
    const collector = await collect(log, "sensor_readings", "earliest");
    await log.append("acme", readingsOf(2));
    await collector.until(2);
    const worker = terminated.mock.contexts.at(-1) as Worker;
    terminated.mockRestore();
    const cut = log
      .append("acme", readingsOf(2, 2), { idempotency_key: "k" })
      .catch((error: unknown) => error);
    await worker.terminate();
    const answer = await cut;
    if (answer instanceof Error) expect(answer).toMatchObject({ code: "unavailable" });
    const again = () => log.append("acme", readingsOf(2, 2), { idempotency_key: "k" });
    await expect
      .poll(async () => (await again().catch(() => undefined))?.accepted, { timeout: 10_000 })
      .toBe(2);
    await collector.until(4);
    expect(collector.values()).toEqual(readingsOf(4));
    expect(metrics.counts.get("foresight_log_restarts_total")).toBe(1);
  });

  describe("with the health scores that the store keeps", () => {
    it("waits for them, delivers them from the beginning, and goes on from every position", async () => {
      const { log } = await open();
      const reader = openLogReader({ data_dir, logger: fakeLogger() });
      await reader.start();
      ends.push(() => reader.stop());
      const before = await log.head("health_scores");
      expect(before.next).toEqual({ 0: 0 });
      const here = await collect(log, "health_scores", "head");
      const there = await collect(reader, "health_scores", { at: before });
      const db = createHealthTable(storeFile(data_dir));
      ends.push(() => db.close());
      addScores(db, 0, 5);
      await Promise.all([here.until(5), there.until(5)]);
      expect(here.values()).toEqual([0, 1, 2, 3, 4].map(scoreOf));
      expect(there.values()).toEqual(here.values());
      expect(here.batches[0]).toMatchObject({
        partition: 0,
        first_offset: 0,
        tenant_id: "acme",
        received_at: 0,
      });
      await expect.poll(() => here.position()).toEqual({ log_id: "store-1", next: { 0: 5 } });
      addScores(db, 5, 8);
      await Promise.all([here.until(8), there.until(8)]);
      for (let offset = 0; offset <= 8; offset++) {
        const { batches } = await log.read("health_scores", { log_id: "store-1", next: { 0: offset } }, 100);
        expect(batches.flatMap(({ values }) => values)).toEqual(here.values().slice(offset));
      }
      expect(await log.head("health_scores")).toEqual({ log_id: "store-1", next: { 0: 8 } });
    });

    it("begins with `since`, cuts to what is asked for, and refuses positions that are not in it", async () => {
      const db = createHealthTable(storeFile(data_dir));
      ends.push(() => db.close());
      addScores(db, 2, 10);
      const { log } = await open();
      const collector = await collect(log, "health_scores", { since: 65 });
      await collector.until(3);
      expect(collector.values()).toEqual([7, 8, 9].map(scoreOf));
      const start = await log.earliest("health_scores");
      expect(start).toEqual({ log_id: "store-1", next: { 0: 2 } });
      const { position } = await log.read("health_scores", start, 3);
      expect(position.next).toEqual({ 0: 5 });
      for (const next of [{ 0: 0 }, { 0: 11 }, {}] as Record<number, number>[])
        await expect(log.read("health_scores", { log_id: "store-1", next }, 3)).rejects.toMatchObject({
          code: "invalid_request",
        });
    });

    it("is woken by news at once", async () => {
      const db = createHealthTable(storeFile(data_dir));
      ends.push(() => db.close());
      const { log } = await open();
      const collector = await collect(log, "health_scores", "head");
      const news = openNews(data_dir);
      ends.push(() => news.close());
      const begun = performance.now();
      for (let n = 0; n < 10; n++) {
        addScores(db, n, n + 1);
        news.publish("health_scores");
        await collector.until(n + 1);
      }
      // Looking twice a second alone would take five.
      expect(performance.now() - begun).toBeLessThan(2_500);
    });
  });

  describe("read from another thread or process", () => {
    it("gives the same as the log itself and follows it", async () => {
      const reader = openLogReader({ data_dir, logger: fakeLogger() });
      await reader.start();
      ends.push(() => reader.stop());
      const early = await collect(reader, "sensor_readings", "earliest");
      const { log } = await open();
      for (let i = 0; i < 5; i++) await log.append("acme", readingsOf(10, i * 10));
      await early.until(50);
      expect(early.values()).toEqual(readingsOf(50));
      expect(await reader.head("sensor_readings")).toEqual(await log.head("sensor_readings"));
      expect(await reader.earliest("sensor_readings")).toEqual(await log.earliest("sensor_readings"));
      const middle = { ...(await log.head("sensor_readings")), next: { 0: 23 } };
      const read = await reader.read("sensor_readings", middle, 4);
      expect(read.batches.flatMap(({ values }) => values)).toEqual(readingsOf(4, 23));
      expect(read.position.next).toEqual({ 0: 27 });
      const begun = performance.now();
      for (let i = 5; i < 15; i++) {
        await log.append("acme", readingsOf(10, i * 10));
        await early.until(i * 10 + 10);
      }
      expect(performance.now() - begun).toBeLessThan(2_500);
    });
  });
});
