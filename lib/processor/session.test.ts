import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baselineHealthModel as model } from "../domain/baseline-health-model.ts";
import type { HealthScore } from "../domain/health.ts";
import type { Reading } from "../domain/reading.ts";
import { type Rule, ruleSchema } from "../domain/rule.ts";
import type { LogBatch } from "../ports/event-log.ts";
import { Session } from "./session.ts";
import { TenantStates } from "./tenant-states.ts";
import {
  createManualClock,
  createMemoryStore,
  createRecorder,
  type MemoryStore,
  type Recorder,
  reading,
  TENANT,
} from "./testing.ts";

const HOT: Rule = ruleSchema.parse({
  id: "hot",
  title: "Hot",
  sensor_type: "temperature",
  severity: "critical",
  unit: "celsius",
  condition: { kind: "above", limit: 90 },
  hysteresis: 2,
});

async function open(store: MemoryStore, recorder: Recorder = createRecorder(), log_id = "log-1") {
  const tenants = new TenantStates(store, model, recorder.logger, log_id);
  await tenants.loadAll();
  const clock = createManualClock(0);
  const parts = { tenants, model, clock, logger: recorder.logger, metrics: recorder.metrics };
  const session = new Session(parts, log_id, { 0: store.position });
  const tenant = tenants.known(TENANT)!;
  return {
    session,
    tenants,
    process: (batch: LogBatch<"sensor_readings">) => session.process(batch, tenant),
    async commit() {
      for (const effects of session.take()) await store.commit(effects);
    },
    /** Dies in the middle of the commit, when `states` of the states are saved. */
    async tear(states: number) {
      for (const effects of session.take()) await store.tear(effects, states);
    },
  };
}

function batchesOf(readings: Reading[], sizes: number[]): LogBatch<"sensor_readings">[] {
  const batches: LogBatch<"sensor_readings">[] = [];
  let at = 0;
  for (let turn = 0; at < readings.length; turn++) {
    const values = readings.slice(at, at + (sizes[turn % sizes.length] ?? 1));
    // What was received together differs with the batching; the clock must not.
    batches.push({ partition: 0, first_offset: at, tenant_id: TENANT, received_at: 1, values });
    at += values.length;
  }
  return batches;
}

async function processAll(store: MemoryStore, readings: Reading[], recorder?: Recorder) {
  const opened = await open(store, recorder);
  for (const batch of batchesOf(readings, [readings.length])) opened.process(batch);
  await opened.commit();
  return opened;
}

describe("what is judged", () => {
  const hot = (timestamp: number, value: number, more: Partial<Reading> = {}) =>
    reading({ timestamp, value, ...more });

  it("[R-7.18] bad readings are stored and not judged, uncertain ones are", async () => {
    const store = createMemoryStore([HOT]);
    await processAll(store, [
      hot(1_000, 99, { quality: "bad" }),
      hot(2_000, 70),
      hot(3_000, 99, { quality: "uncertain" }),
    ]);
    expect(store.readings.size).toBe(3);
    expect(store.events.map(({ kind, event_id }) => [kind, event_id])).toEqual([
      ["raised", "hot:PUMP-001:PUMP-001-TEMP:raise@2.log-1"],
    ]);
  });

  it("[R-7.18] late and repeated readings are stored and not judged", async () => {
    const store = createMemoryStore([HOT]);
    await processAll(store, [hot(5_000, 70), hot(4_000, 99), hot(5_000, 99), hot(6_000, 71)]);
    expect(store.events).toEqual([]);
    expect(store.duplicates).toBe(1);
    expect(store.readings.get("PUMP-001/PUMP-001-TEMP/5000")).toBe(70);
  });

  it("[R-7.15] what cannot be converted is counted and said once for a sensor", async () => {
    const store = createMemoryStore([HOT]);
    const recorder = createRecorder();
    const readings = [1, 2, 3].map((second) => hot(second * 1_000, 99, { unit: "bar" }));
    const { session } = await processAll(store, readings, recorder);
    expect(store.events).toEqual([]);
    expect(recorder.counted.foresight_unconvertible_total).toBe(3);
    expect(recorder.warnings).toEqual([
      'the sensor\'s unit "bar" cannot be converted to the rule\'s "celsius"; the rule is not judged',
    ]);
    expect(session.unconvertible()).toEqual([
      { tenant_id: TENANT, asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP", unit: "bar", count: 3 },
    ]);
  });

  it("[R-7.15] a sensor that changes its unit goes on being judged, and its health too", async () => {
    const store = createMemoryStore([HOT]);
    await processAll(store, [hot(1_000, 70), hot(2_000, 196, { unit: "fahrenheit" }), hot(3_000, 80)]);
    expect(store.events.map(({ kind, alert }) => [kind, alert.title])).toEqual([
      ["raised", "Temperature 91.111 °C above critical limit 90 °C"],
      ["cleared", "Temperature 91.111 °C above critical limit 90 °C"],
    ]);
  });

  it("[R-7.14] warning and critical may be open at once", async () => {
    const warm = ruleSchema.parse({
      ...HOT,
      id: "warm",
      severity: "warning",
      condition: { kind: "above", limit: 80 },
    });
    const store = createMemoryStore([HOT, warm]);
    await processAll(store, [hot(1_000, 95), hot(2_000, 85)]);
    expect(store.alerts().map(({ severity, state }) => [severity, state])).toEqual([
      ["critical", "cleared"],
      ["warning", "open"],
    ]);
  });

  it("[R-7.19] an alert clears when its rule is gone, with the sensor's next reading", async () => {
    const store = createMemoryStore([HOT]);
    const opened = await processAll(store, [hot(1_000, 95)]);
    store.rule_set = [];
    await opened.tenants.reload();
    opened.process({
      partition: 0,
      first_offset: 1,
      tenant_id: TENANT,
      received_at: 2,
      values: [hot(2_000, 95)],
    });
    await opened.commit();
    expect(store.alerts()).toMatchObject([{ state: "cleared" }]);
  });

  it("[R-7.17] an asset's type comes from its id, a reading or a person, the later over the former", async () => {
    const compressor = ruleSchema.parse({ ...HOT, asset_type: "compressor" });
    const store = createMemoryStore([compressor]);
    const of = (timestamp: number, more: Partial<Reading> = {}) =>
      hot(timestamp, 95, { asset_id: "COMP-001", sensor_id: "T", ...more });
    const opened = await processAll(store, [of(1_000)]);
    expect(store.events).toEqual([]);
    opened.process({
      partition: 0,
      first_offset: 1,
      tenant_id: TENANT,
      received_at: 2,
      values: [of(2_000, { asset_type: "compressor" })],
    });
    await opened.commit();
    expect(store.alerts()).toMatchObject([{ state: "open" }]);
    store.asset_types.set("COMP-001", "fan");
    await opened.tenants.reload();
    opened.process({
      partition: 0,
      first_offset: 2,
      tenant_id: TENANT,
      received_at: 3,
      values: [of(3_000, { asset_type: "compressor" })],
    });
    await opened.commit();
    expect(store.alerts()).toMatchObject([{ state: "cleared" }]);
  });

  it("[R-8.11] at most one health score follows for each asset and second, in order of the log", async () => {
    const store = createMemoryStore();
    const readings = Array.from({ length: 200 }, (_, at) =>
      reading({ timestamp: at * 250, sensor_id: `S${at % 3}`, value: at }),
    );
    await processAll(store, readings);
    const seconds = store.scores.map(({ timestamp }) => Math.floor(timestamp / 1_000));
    expect(new Set(seconds).size).toBe(seconds.length);
    const offsets = store.scores.map(({ source_offset }) => source_offset);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(store.scores.length).toBeGreaterThan(45);
  });

  it("a batch that was processed in part is taken up where it was left", async () => {
    const store = createMemoryStore([HOT]);
    const readings = [hot(1_000, 95), hot(2_000, 70), hot(3_000, 95)];
    await processAll(store, readings.slice(0, 2));
    await processAll(store, readings);
    expect(store.duplicates).toBe(0);
    expect(store.events.map(({ kind }) => kind)).toEqual(["raised", "cleared", "recurred"]);
  });

  it("a saved state that cannot be read costs its asset's memory and nothing else", async () => {
    const store = createMemoryStore([HOT]);
    await processAll(store, [hot(1_000, 95), hot(1_000, 70, { asset_id: "PUMP-002" })]);
    store.states.set("PUMP-002", Uint8Array.of(1, 2));
    const recorder = createRecorder();
    const { tenants } = await open(store, recorder);
    expect([...tenants.known(TENANT)!.assets.keys()]).toEqual(["PUMP-001"]);
    expect(recorder.warnings).toHaveLength(1);
  });
});

const inOrder = (scores: HealthScore[]) => [...scores].sort((a, b) => a.source_offset - b.source_offset);

describe("a log that was made anew", () => {
  it("[R-8.11] no score of an asset that was silent meanwhile stands at a place of the old log", async () => {
    const store = createMemoryStore();
    const second = (n: number) => reading({ timestamp: n * 1_000, value: 70 });
    await processAll(
      store,
      Array.from({ length: 600 }, (_, n) => second(n)),
    );
    store.position = 0;
    const { tenants, session, process } = await open(store, createRecorder(), "log-2");
    const hour = 3_600_000;
    const values = [second(4_000), second(4_001), second(4_002)];
    process({ partition: 0, first_offset: 0, tenant_id: TENANT, received_at: hour, values });
    expect(tenants.known(TENANT)!.assets.size).toBe(1);
    const scores = session.take().flatMap(({ health }) => health);
    expect(scores.map(({ stale, source_offset }) => [stale === true, source_offset])).toEqual([
      [true, 0],
      [false, 0],
      [false, 1],
      [false, 2],
    ]);
  });
});

describe("restarts", () => {
  const SENSORS = 4;
  const readingsOf = fc.array(
    fc.record({
      asset: fc.integer({ min: 1, max: 2 }),
      sensor: fc.integer({ min: 0, max: SENSORS - 1 }),
      back: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1_500),
      value: fc.constantFrom(60, 70, 85, 89, 91, 99),
      quality: fc.constantFrom("good" as const, "good" as const, "good" as const, "bad" as const),
      unit: fc.constantFrom("celsius", "celsius", "celsius", "fahrenheit", "bar"),
    }),
    { minLength: 50, maxLength: 400 },
  );

  it.each([
    ["between commits", ["commit", "crash", "go on"] as const],
    ["in the middle of commits", ["commit", "crash", "go on", "tear"] as const],
  ])("[R-7.20] stopped %s and loaded again, everything ends as if it had never been", async (_, kinds) => {
    const rate = ruleSchema.parse({
      ...HOT,
      id: "rate",
      severity: "warning",
      condition: { kind: "rate_of_change", limit_per_s: 20 },
    });
    const delayed = ruleSchema.parse({ ...HOT, id: "delayed", severity: "info", delay_s: 3 });
    await fc.assert(
      fc.asyncProperty(
        readingsOf,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.constantFrom<string>(...kinds), { minLength: 1, maxLength: 12 }),
        async (drawn, sizes, fates) => {
          const readings = drawn.map(({ asset, sensor, back, value, quality, unit }, at) =>
            reading({
              asset_id: `PUMP-00${asset}`,
              sensor_id: `S${sensor}`,
              timestamp: 100_000 + at * 300 - back,
              value,
              quality,
              unit,
            }),
          );
          const rules = [HOT, rate, delayed];
          const whole = createMemoryStore(rules);
          await processAll(whole, readings);

          const store = createMemoryStore(rules);
          let turn = 0;
          while (store.position < readings.length) {
            const opened = await open(store);
            let lives = true;
            for (const batch of batchesOf(readings, sizes)) {
              if (batch.first_offset + batch.values.length <= store.position) continue;
              opened.process(batch);
              const fate = fates[turn++ % fates.length];
              // Now and then it must get on.
              if (fate === "commit" || turn % 17 === 0) await opened.commit();
              else if (fate === "crash" || fate === "tear") {
                if (fate === "tear") await opened.tear(turn % 3);

                lives = false;
                break;
              }
            }
            if (lives) await opened.commit();
          }
          expect(store.events).toEqual(whole.events);
          expect(inOrder(store.scores)).toEqual(inOrder(whole.scores));
          expect(store.readings).toEqual(whole.readings);
          if (!fates.includes("tear")) expect(store.duplicates).toBe(whole.duplicates);
          expect(store.states).toEqual(whole.states);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("[R-7.20] what a saved state includes is not judged again, or silence that followed would be lifted", async () => {
    const SILENT = ruleSchema.parse({
      id: "silent",
      title: "Silent",
      sensor_type: "temperature",
      severity: "warning",
      condition: { kind: "missing_data", after_s: 60 },
    });
    const store = createMemoryStore([SILENT]);
    const given = batchesOf([reading({ timestamp: 1_000 }), reading({ timestamp: 2_000 })], [1]);
    const first = await open(store);
    for (const batch of given) first.process(batch);
    expect(first.session.judgeSilence(() => 120_000)).toBe(true);
    await first.tear(1);
    expect(store.position).toBe(0);

    const second = await open(store);
    for (const batch of given) second.process(batch);
    await second.commit();
    expect(store.position).toBe(2);
    expect(store.events.map(({ kind }) => kind)).toEqual(["raised"]);
    expect(store.readings.size).toBe(2);
  });
});
