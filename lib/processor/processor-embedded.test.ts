import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { logFile } from "../adapters/embedded/data-files.ts";
import { createEmbeddedLog } from "../adapters/embedded/event-log.ts";
import { openLogReader } from "../adapters/embedded/log-reader.ts";
import { openStore } from "../adapters/embedded/store.ts";
import { DEFAULT_RULES } from "../domain/default-rules.ts";
import type { Reading } from "../domain/reading.ts";
import { createProcessor } from "./processor.ts";
import { createRecorder, reading, TENANT } from "./testing.ts";

const clock = { now: () => Date.now() };
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function setUp() {
  const data_dir = await mkdtemp(join(tmpdir(), "foresight-processor-"));
  ends.push(() => rm(data_dir, { recursive: true }));
  const { logger, metrics } = createRecorder();
  const store = openStore({ data_dir, clock, logger, metrics });
  await store.start();
  ends.push(() => store.stop());
  await store.addTenant({ tenant_id: TENANT, name: TENANT, created_at: 0 }, DEFAULT_RULES);
  const openLog = async () => {
    const log = createEmbeddedLog({
      data_dir,
      clock,
      logger,
      metrics,
      retention_ms: 86_400_000,
      keep_after: async () => ({ log_id: "", next: {} }),
    });
    await log.start();
    ends.push(() => log.stop());
    return log;
  };
  const log = await openLog();
  /** Loses the log, as whoever deletes its file does, and begins a new one beside the same store. */
  const remakeLog = async () => {
    await log.stop();
    for (const name of await readdir(data_dir))
      if (name.startsWith(basename(logFile(data_dir)))) await rm(join(data_dir, name));
    return openLog();
  };
  /** As in its own thread: connections of its own to the log and the store. */
  const launch = async () => {
    const own = {
      log: openLogReader({ data_dir, logger }),
      store: openStore({ data_dir, clock, logger, metrics }),
    };
    await own.store.start();
    await own.log.start();
    const processor = createProcessor({ ...own, clock, logger, metrics, pace: { commit_after: 5 } });
    await processor.start();
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await processor.stop();
      await own.log.stop();
      await own.store.stop();
    };
    ends.push(stop);
    return { processor, stop };
  };
  return { store, log, launch, remakeLog };
}

/** A pump that overheats from the 60th second on. */
function pump(second: number): Reading[] {
  const wave = Math.sin(second * 1.7);
  const hot = Math.max(0, second - 60) * 0.5;
  const at = { asset_id: "PUMP-001", timestamp: Date.UTC(2024, 0, 1) + second * 1_000 };
  return [
    reading({ ...at, value: 65 + wave * 0.4 + hot }),
    reading({
      ...at,
      sensor_id: "PUMP-001-VIB",
      sensor_type: "vibration",
      unit: "mm/s",
      value: 2.3 + Math.sin(second * 2.9) * 0.1 + hot * 0.1,
    }),
    reading({
      ...at,
      sensor_id: "PUMP-001-PRES",
      sensor_type: "pressure",
      unit: "bar",
      value: 6 + Math.sin(second * 0.9) * 0.05,
    }),
  ];
}

describe("over the embedded log and store", () => {
  it("[R-7.20] restarted again and again amid a stream, every reading is there once and alerts once", async () => {
    const { store, log, launch } = await setUp();
    const SECONDS = 180;
    for (let from = 0; from < SECONDS; from += 30) {
      const { processor, stop } = await launch();
      for (let second = from; second < from + 30; second++) await log.append(TENANT, pump(second));
      // Twice of five it is left in the middle.
      if (from % 60 === 0) await vi.waitFor(async () => expect(await processor.lag()).toBe(0), 5_000);
      await stop();
    }
    const { processor } = await launch();
    await vi.waitFor(async () => expect(await processor.lag()).toBe(0), 5_000);

    expect(await store.stats(TENANT)).toMatchObject({ readings: SECONDS * 3, sensors: 3, open_alerts: 5 });
    const alerts = await store.alerts(TENANT, { limit: 10 });
    expect(alerts.map(({ title, occurrences }) => [title, occurrences]).sort()).toEqual(
      [
        [expect.stringMatching(/^Health \d+(\.\d)? below warning limit 50$/), 1],
        [expect.stringMatching(/^Temperature 8\d\.\d+ °C above warning limit 80 °C$/), 1],
        [expect.stringMatching(/^Temperature 9\d\.\d+ °C above critical limit 90 °C$/), 1],
        [expect.stringMatching(/^Vibration 4\.\d+ mm\/s above warning limit 4\.5 mm\/s$/), 1],
        [expect.stringMatching(/^Vibration 7\.\d+ mm\/s above critical limit 7\.1 mm\/s$/), 1],
      ].sort(),
    );
    const history = await store.healthHistory(TENANT, { asset_id: "PUMP-001" });
    expect(history.length).toBe(new Set(history.map(({ timestamp }) => timestamp)).size);
    expect(history.length).toBeGreaterThanOrEqual(SECONDS - 1);
    expect(history.find(({ score }) => score !== null)?.score).toBeGreaterThan(90);
    expect(history.at(-1)?.score).toBeLessThan(25);
    expect(history.at(-1)?.risk_level).toBe("critical");
  });

  it("[R-7.14] in a log made anew, the same at the same offset is another alert, and health goes on", async () => {
    const { store, log, launch, remakeLog } = await setUp();
    const SECONDS = 140;
    const warning = "pump-temperature-high-warning";
    const alertsOfRule = async () =>
      (await store.alerts(TENANT, { limit: 50 })).filter(({ rule_id }) => rule_id === warning);

    const before = await launch();
    for (let second = 0; second < SECONDS; second++) await log.append(TENANT, pump(second));
    await vi.waitFor(async () => expect(await before.processor.lag()).toBe(0), 5_000);
    await before.stop();
    const [old] = await alertsOfRule();
    await store.execute(TENANT, [
      { kind: "resolve", event_id: "by-hand", at: Date.now(), by: "operator", alert_id: old!.id },
    ]);
    const scored = (await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).at(-1)!.timestamp;

    const anew = await remakeLog();
    const after = await launch();
    // Offset for offset the same, an hour later by the readings' own time.
    const later = (second: number) =>
      pump(second).map((one) => ({ ...one, timestamp: one.timestamp + 3_600_000 }));
    for (let second = 0; second < SECONDS; second++) await anew.append(TENANT, later(second));
    await vi.waitFor(async () => expect(await after.processor.lag()).toBe(0), 5_000);

    const place = (id: string) => id.slice(0, id.lastIndexOf("."));
    const alerts = await alertsOfRule();
    expect(alerts.map(({ id, state }) => [place(id), state]).sort()).toEqual([
      [place(old!.id), "open"],
      [place(old!.id), "resolved"],
    ]);
    const history = await store.healthHistory(TENANT, { asset_id: "PUMP-001" });
    expect(history.filter(({ timestamp }) => timestamp > scored).length).toBeGreaterThanOrEqual(SECONDS - 1);
  });

  it("[R-7.19] rules changed beside it are in force soon", async () => {
    const { store, log, launch } = await setUp();
    await launch();
    const rule = DEFAULT_RULES.find(({ id }) => id === "pump-temperature-high-warning")!;
    await store.putRule(TENANT, { ...rule, condition: { kind: "above", limit: 60 }, delay_s: 0 });
    let second = 0;
    await vi.waitFor(
      async () => {
        await log.append(TENANT, pump(second++));
        expect(await store.alerts(TENANT, { limit: 10 })).toHaveLength(1);
      },
      { timeout: 5_000, interval: 50 },
    );
  });
});
