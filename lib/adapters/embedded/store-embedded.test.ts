import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../ports/store.ts";
import { fakeClock, fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { commit, raise, score, series, T0, TENANT } from "../../testing/store/harness.ts";
import { storeFile } from "./data-files.ts";
import { openNews } from "./news.ts";
import { openDatabase } from "./sqlite.ts";
import { openStore } from "./store.ts";
import { createAlertStore } from "./store-alerts.ts";
import { createHealthStore } from "./store-health.ts";
import { createMeta } from "./store-meta.ts";
import { createProcessorStore } from "./store-processor.ts";
import { createEmbeddedStore } from "./store-proxy.ts";
import { storeReport } from "./store-report.ts";
import { migrateStore, SCHEMA_VERSION } from "./store-schema.ts";

const clock = fakeClock();
let data_dir: string;
let opened: Store[];
beforeEach(() => {
  data_dir = mkdtempSync(join(tmpdir(), "foresight-store-"));
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.stop();
  rmSync(data_dir, { recursive: true });
});

async function started<S extends Store>(store: S): Promise<S> {
  opened.push(store);
  await store.start();
  return store;
}

describe("the embedded store", () => {
  it("makes its folder, and refuses data of a newer version with a sentence", async () => {
    const folder = join(data_dir, "new", "folder");
    const store = await started(openStore({ data_dir: folder, clock }));
    await store.stop();
    const db = openDatabase(storeFile(folder));
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    await expect(openStore({ data_dir: folder, clock }).start()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("install the newer one"),
    });
    expect(storeReport(folder)).toMatchObject({ ok: false, detail: expect.stringContaining("newer") });
  });

  it("[fault 15] keeps nothing of a commit for which the disk has no room, and goes on when it has", async () => {
    const db = openDatabase(storeFile(data_dir));
    migrateStore(db);
    const meta = createMeta(db);
    const alerts = createAlertStore(db, meta, () => undefined);
    const health = createHealthStore(db);
    const processor = createProcessorStore(db, { meta, alerts, health, clock }, () => undefined);
    const pages = db.prepare<{ page_count: number }>("PRAGMA page_count").get()!.page_count;
    await processor.processorPosition("log-1");
    // No two values alike in any digit, so that they need room.
    const readings = series(Array.from({ length: 20_000 }, (_, i) => Math.sqrt(i)));
    const effects = {
      partition: 0,
      from_offset: 0,
      next_offset: readings.length,
      readings: [{ tenant_id: TENANT, received_at: T0, readings }],
      commands: [{ tenant_id: TENANT, commands: [raise("a")] }],
      health: [score()],
      state: [],
    };
    db.exec(`PRAGMA max_page_count = ${pages + 20}`);
    await expect(processor.commit(effects)).rejects.toMatchObject({ code: "storage_full" });
    expect(processor.position().next[0]).toBe(0);
    expect(alerts.head(TENANT)).toBe(0);
    db.exec("PRAGMA max_page_count = 1000000");
    expect(await processor.commit(effects)).toMatchObject({ stored: readings.length, duplicates: 0 });
    db.close();
  });

  it("tells news of what a commit has changed, and of nothing else", async () => {
    const store = await started(openStore({ data_dir, clock }));
    const news = openNews(data_dir);
    const heard: string[] = [];
    for (const topic of ["health_scores", "alerts", "config", "sensor_readings"] as const)
      news.on(topic, () => heard.push(topic));
    await commit(store, { readings: series([1, 2]) });
    await commit(store, { health: [score()] });
    await vi.waitFor(() => expect(heard).toEqual(["health_scores"]));
    await commit(store, { commands: [{ tenant_id: TENANT, commands: [raise("a")] }] });
    await vi.waitFor(() => expect(heard).toEqual(["health_scores", "alerts"]));
    await store.setAssetType(TENANT, "PUMP-001", "fan");
    await vi.waitFor(() => expect(heard).toEqual(["health_scores", "alerts", "config"]));
    news.close();
  });

  it("writes the log of health scores densely from 0, and keeps a day of it", async () => {
    const store = await started(openStore({ data_dir, clock }));
    const day = 24 * 3_600_000;
    const at = (received_at: number, i: number) =>
      score({ received_at, timestamp: T0 + i * 1_000, source_offset: i });
    await commit(store, { health: [0, 1, 2].map((i) => at(T0 + i, i)) });
    await commit(store, { health: [at(T0 + day, 3)] });
    await commit(store, { health: [at(T0 + day + 2, 4)] });
    const db = openDatabase(storeFile(data_dir), { readonly: true });
    const rows = db
      .prepare<{ offset: number; score: string }>('SELECT "offset", score FROM health_log ORDER BY "offset"')
      .all();
    expect(rows.map(({ offset }) => offset)).toEqual([2, 3, 4]);
    expect(JSON.parse(rows[1]!.score)).toEqual(at(T0 + day, 3));
    const { value } = db.prepare<{ value: string }>("SELECT value FROM meta WHERE key = 'store_id'").get()!;
    db.close();
    expect((await store.snapshot(TENANT)).positions.health_scores).toEqual({ log_id: value, next: { 0: 5 } });
    expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toHaveLength(5);
  });

  it("counts what it stores, and says what an alert's state did not allow", async () => {
    const metrics = fakeMetrics();
    const logger = fakeLogger();
    const store = await started(openStore({ data_dir, clock, logger, metrics }));
    await commit(store, { readings: series([1, 2, 3]) });
    await commit(store, {
      readings: series([1, 2, 3, 4]),
      commands: [
        {
          tenant_id: TENANT,
          commands: [{ kind: "unshelve", event_id: "u", at: T0, by: "processor", alert_id: "none" }],
        },
      ],
    });
    expect(Object.fromEntries(metrics.counts)).toEqual({
      foresight_store_readings_total: 4,
      foresight_store_duplicates_total: 3,
    });
    expect(logger.lines).toHaveLength(1);
  });
});

describe("the store's thread", () => {
  it("runs from the sources, and gives errors their code", async () => {
    const store = await started(
      createEmbeddedStore({ data_dir, clock, logger: fakeLogger(), metrics: fakeMetrics() }),
    );
    await expect(store.setAssetType(TENANT, "none", "fan")).rejects.toMatchObject({ code: "not_found" });
    // What SQL cannot take ends the process unless it is stopped before.
    const state = [{ tenant_id: TENANT, asset_id: "A", state: {} as Uint8Array }];
    await expect(commit(store, { state })).rejects.toThrow("SQL cannot take");
    expect(await store.tenants()).toEqual([]);
  });

  it("is started again when it dies; what was under way is refused, and no alert goes unheard", async () => {
    const messages = vi.spyOn(Worker.prototype, "postMessage");
    const metrics = fakeMetrics();
    const store = await started(createEmbeddedStore({ data_dir, clock, logger: fakeLogger(), metrics }));
    const beside = await started(openStore({ data_dir, clock }));
    const heard: number[] = [];
    store.onAlertEvents((_, seq) => heard.push(seq));
    await store.execute(TENANT, [raise("a")]);
    const worker = messages.mock.contexts.at(-1) as Worker;
    messages.mockRestore();
    const cut = store.tenants().catch((error: unknown) => error);
    await worker.terminate();
    const answer = await cut;
    if (answer instanceof Error) expect(answer).toMatchObject({ code: "unavailable" });
    await beside.execute(TENANT, [raise("b", { rule_id: "cold" })]);
    await vi.waitFor(async () => expect(await store.lastAlertSeq(TENANT)).toBe(2), { timeout: 10_000 });
    await vi.waitFor(() => expect(heard.at(-1)).toBe(2), { timeout: 5_000 });
    expect(metrics.counts.get("foresight_store_restarts_total")).toBe(1);
  });

  it("says why it cannot start", async () => {
    mkdirSync(storeFile(data_dir));
    const store = createEmbeddedStore({ data_dir, clock, logger: fakeLogger(), metrics: fakeMetrics() });
    await expect(store.start()).rejects.toMatchObject({ name: "ForesightError" });
    await store.stop();
  });
});

describe("the report on a store", () => {
  it("tells version and size of a sound one, beside whoever has it open", async () => {
    const store = await started(openStore({ data_dir, clock }));
    await commit(store, { readings: series([1, 2, 3]) });
    const report = storeReport(data_dir);
    expect(report).toMatchObject({ ok: true, schema_version: SCHEMA_VERSION });
    expect(report.bytes).toBeGreaterThan(10_000);
  });

  it("tells what is wrong with one that is damaged or is none", async () => {
    writeFileSync(storeFile(data_dir), "this is no database, however long the text may be ".repeat(100));
    expect(storeReport(data_dir)).toMatchObject({ ok: false, detail: expect.stringContaining("damaged") });
  });
});
