import { afterEach, describe, expect, it, vi } from "vitest";
import { ForesightError } from "../domain/errors.ts";
import { type Rule, ruleSchema } from "../domain/rule.ts";
import { createProcessor, type Processor, type ProcessorPace } from "./processor.ts";
import {
  createManualClock,
  createMemoryLog,
  createMemoryStore,
  createRecorder,
  type MemoryLog,
  type MemoryStore,
  reading,
  TENANT,
} from "./testing.ts";

const QUICK: Partial<ProcessorPace> = {
  commit_after: 2,
  config_every: 5,
  silence_every: 5,
  retry_first: 2,
  retry_most: 5,
};

const HOT: Rule = ruleSchema.parse({
  id: "hot",
  title: "Hot",
  sensor_type: "temperature",
  severity: "critical",
  unit: "celsius",
  condition: { kind: "above", limit: 90 },
});
const SILENT: Rule = ruleSchema.parse({
  id: "silent",
  title: "Silent",
  sensor_type: "temperature",
  severity: "warning",
  condition: { kind: "missing_data", after_s: 60 },
});

const running: Processor[] = [];
afterEach(async () => {
  for (const processor of running.splice(0)) await processor.stop();
});

function setUp({ rules = [HOT] as Rule[], log = createMemoryLog(), store = createMemoryStore(rules) } = {}) {
  const clock = createManualClock(1_000_000);
  const recorder = createRecorder();
  const { logger, metrics } = recorder;
  const launch = async (pace: Partial<ProcessorPace> = {}) => {
    const processor = createProcessor({ log, store, clock, logger, metrics, pace: { ...QUICK, ...pace } });
    running.push(processor);
    await processor.start();
    return processor;
  };
  return { log, store, clock, recorder, launch };
}

const caughtUp = (log: MemoryLog, store: MemoryStore) =>
  vi.waitFor(async () => expect(store.position).toBe((await log.head("sensor_readings")).next[0]));

/** Silence has been looked for once more at least, from beginning to end. */
async function looked(log: MemoryLog) {
  const from = log.seen.heads;
  await vi.waitFor(() => expect(log.seen.heads).toBeGreaterThan(from + 2));
}

describe("from the log to the store", () => {
  it("[R-7.20] commits readings, alerts, states and position together, soon after they came", async () => {
    const { log, store, launch } = setUp();
    const processor = await launch();
    expect(await processor.lag()).toBe(0);
    log.append(TENANT, [reading({ timestamp: 1_000, value: 95 })], 5);
    await caughtUp(log, store);
    expect(store.commits).toHaveLength(1);
    expect(store.commits[0]).toMatchObject({ partition: 0, from_offset: 0, next_offset: 1 });
    expect(store.commits[0]!.state).toHaveLength(1);
    expect(store.alerts()).toMatchObject([{ title: "Temperature 95 °C above critical limit 90 °C" }]);
    await vi.waitFor(() => expect(processor.position().next[0]).toBe(1));
    expect(await processor.lag()).toBe(0);
  });

  it("commits at once where much waits, and only what was touched is saved", async () => {
    const { log, store, launch } = setUp();
    for (let at = 0; at < 10; at++)
      log.append(TENANT, [reading({ timestamp: at, asset_id: `A-${at % 3}` })], at);
    await launch({ commit_after: 60_000, commit_size: 3 });
    await vi.waitFor(() => expect(store.position).toBe(9));
    expect(store.commits.map(({ readings }) => readings.length)).toEqual([3, 3, 3]);
    expect(store.commits[0]!.state.map(({ asset_id }) => asset_id)).toEqual(["A-0", "A-1", "A-2"]);
  });

  it("stop commits what waits", async () => {
    const { log, store, launch } = setUp();
    const processor = await launch({ commit_after: 60_000 });
    log.append(TENANT, [reading({ timestamp: 1 })], 1);
    await vi.waitFor(() => expect(log.seen.delivered).toBe(1));
    expect(store.position).toBe(0);
    await processor.stop();
    expect(store.position).toBe(1);
  });

  it("a tenant that comes later is taken up with its rules", async () => {
    const { log, store, launch } = setUp();
    await launch();
    log.append("newcomer", [reading({ timestamp: 1, value: 99 })], 1);
    await caughtUp(log, store);
    expect(store.alerts()).toMatchObject([{ tenant_id: "newcomer" }]);
  });
});

describe("a store that fails", () => {
  it.each(["storage_full", "unavailable"] as const)(
    "[R-7.20] with %s it waits and tries the same commit again, and nothing is lost or doubled",
    async (code) => {
      const { log, store, recorder, launch } = setUp();
      let failures = 5;
      store.before = () => {
        if (failures-- > 0) throw new ForesightError(code, "not now");
      };
      await launch();
      log.append(TENANT, [reading({ timestamp: 1, value: 95 }), reading({ timestamp: 2, value: 60 })], 1);
      await caughtUp(log, store);
      expect(recorder.counted.foresight_processor_commit_retries_total).toBe(5);
      expect(store.readings.size).toBe(2);
      expect(store.events.map(({ kind }) => kind)).toEqual(["raised", "cleared"]);
    },
  );

  it("an unknown error costs the memory and nothing else: the saved state is loaded and processed again", async () => {
    const { log, store, launch } = setUp();
    let failures = 2;
    store.before = () => {
      if (failures-- > 0) throw new Error("a defect");
    };
    await launch();
    log.append(TENANT, [reading({ timestamp: 1, value: 95 }), reading({ timestamp: 2, value: 60 })], 1);
    await caughtUp(log, store);
    expect(store.events.map(({ kind }) => kind)).toEqual(["raised", "cleared"]);
    expect(store.duplicates).toBe(0);
  });

  it("[R-7.20] of two processors on one partition each effect counts once, whoever commits first", async () => {
    const { log, store, recorder, launch } = setUp();
    await launch();
    await launch();
    for (let at = 0; at < 100; at++) {
      log.append(TENANT, [reading({ timestamp: at * 1_000, value: at % 2 === 0 ? 95 : 60 })], at);
      if (at % 10 === 0) await caughtUp(log, store);
    }
    await caughtUp(log, store);
    expect(store.readings.size).toBe(100);
    expect(store.duplicates).toBe(0);
    expect(store.events).toHaveLength(100);
    expect(new Set(store.events.map(({ event_id }) => event_id)).size).toBe(100);
    expect(recorder.counted.foresight_processor_reloads_total).toBeGreaterThan(0);
  });

  it("stop does not wait for a store that is away, and the next start goes on", async () => {
    const { log, store, recorder, launch } = setUp();
    let away = true;
    store.before = () => {
      if (away) throw new ForesightError("unavailable", "away");
    };
    const processor = await launch();
    log.append(TENANT, [reading({ timestamp: 1, value: 95 })], 1);
    await vi.waitFor(() =>
      expect(recorder.counted.foresight_processor_commit_retries_total).toBeGreaterThan(0),
    );
    await processor.stop();
    expect(store.position).toBe(0);
    away = false;
    await launch();
    await caughtUp(log, store);
    expect(store.events).toHaveLength(1);
  });
});

describe("changed rules and asset types", () => {
  it("[R-7.19] are in force for what comes after", async () => {
    const { log, store, launch } = setUp({ rules: [] });
    await launch();
    log.append(TENANT, [reading({ timestamp: 1_000, value: 95 })], 1);
    await caughtUp(log, store);
    store.rule_set = [HOT];
    store.config_version++;
    let second = 1;
    await vi.waitFor(() => {
      log.append(TENANT, [reading({ timestamp: ++second * 1_000, value: 95 })], second);
      expect(store.events).toHaveLength(1);
    });
  });
});

describe("missing data", () => {
  it("[R-7.16] is judged by the receiving clock, raised once and cleared by the next reading", async () => {
    const { log, store, clock, launch } = setUp({ rules: [SILENT] });
    await launch();
    log.append(TENANT, [reading({ timestamp: Date.UTC(2001, 0, 1) })], clock.at);
    await caughtUp(log, store);
    clock.at += 59_000;
    await looked(log);
    expect(store.events).toEqual([]);
    clock.at += 1_000;
    await vi.waitFor(() => expect(store.events).toHaveLength(1));
    expect(store.alerts()).toMatchObject([
      { title: "No reading of PUMP-001-TEMP for 60 s", state: "open", timestamp: Date.UTC(2001, 0, 1) },
    ]);
    clock.at += 600_000;
    log.append(TENANT, [reading({ timestamp: Date.UTC(2001, 0, 2), quality: "bad" })], clock.at);
    await vi.waitFor(() => expect(store.alerts()).toMatchObject([{ state: "cleared" }]));
    expect(store.events).toHaveLength(2);
  });

  it("[R-7.16] a restart raises nothing twice, forgets nothing, and its own absence is nobody's silence", async () => {
    const { log, store, clock, launch } = setUp({ rules: [SILENT] });
    const first = await launch();
    log.append(TENANT, [reading({ timestamp: 1 }), reading({ timestamp: 1, sensor_id: "B" })], clock.at);
    await caughtUp(log, store);
    await first.stop();

    clock.at += 3_600_000;
    await launch();
    await looked(log);
    expect(store.events).toEqual([]);
    clock.at += 60_000;
    await vi.waitFor(() => expect(store.events).toHaveLength(2));
    await running.pop()!.stop();

    await launch();
    clock.at += 600_000;
    await looked(log);
    expect(store.events).toHaveLength(2);
  });

  it("[R-7.16] a processor that lags takes nobody for silent", async () => {
    const { log, store, clock, launch } = setUp({ rules: [SILENT] });
    const received_at = clock.at;
    log.append(TENANT, [reading({ timestamp: 1 })], received_at);
    log.append(TENANT, [reading({ timestamp: 2 })], received_at + 500_000);
    clock.at += 510_000;
    let release: (() => void) | undefined;
    store.before = () => {
      if (release !== undefined) return;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    await launch({ commit_size: 1 });
    await vi.waitFor(() => expect(release).toBeDefined());
    release!();
    await caughtUp(log, store);
    await looked(log);
    expect(store.events).toEqual([]);
  });
});
