import { describe, expect, it } from "vitest";
import { baselineHealthModel as model } from "../domain/baseline-health-model.ts";
import type { Reading } from "../domain/reading.ts";
import { type Rule, ruleSchema } from "../domain/rule.ts";
import { Session } from "./session.ts";
import { TenantStates } from "./tenant-states.ts";
import {
  createManualClock,
  createMemoryStore,
  createRecorder,
  type MemoryStore,
  reading,
  TENANT,
} from "./testing.ts";

const WEAK: Rule = ruleSchema.parse({
  id: "weak",
  title: "Weak",
  severity: "warning",
  condition: { kind: "health", limit: 50 },
  hysteresis: 20,
  delay_s: 5,
});
const UNUSUAL: Rule = ruleSchema.parse({
  id: "unusual",
  title: "Unusual",
  sensor_type: "temperature",
  severity: "info",
  condition: { kind: "anomaly", limit: 0.45 },
  hysteresis: 0.2,
});

/** Processes the readings in batches of `size`; after each batch all is loaded from the store anew. */
async function run(store: MemoryStore, readings: Reading[], size: number) {
  for (let at = store.position; at < readings.length; at += size) {
    const { logger, metrics } = createRecorder();
    const tenants = new TenantStates(store, model, logger, "log-1");
    await tenants.loadAll();
    const parts = { tenants, model, clock: createManualClock(0), logger, metrics };
    const session = new Session(parts, "log-1", { 0: store.position });
    const values = readings.slice(at, at + size);
    session.process(
      { partition: 0, first_offset: at, tenant_id: TENANT, received_at: 1, values },
      tenants.known(TENANT)!,
    );
    for (const effects of session.take()) await store.commit(effects);
  }
}

/** One temperature a second; 65 °C with a small saw-tooth, and what `more` adds. */
function temperatures(length: number, more: (second: number) => number): Reading[] {
  return Array.from({ length }, (_, second) =>
    reading({ timestamp: second * 1_000, value: 65 + ((second * 7) % 11) / 10 + more(second) }),
  );
}

const told = (store: MemoryStore) => store.events.map(({ kind, alert }) => `${kind} ${alert.rule_id}`);

describe("rules of the scores", () => {
  it("[R-7.21] low health of an asset raises, clears with hysteresis and recurs", async () => {
    const faulty = (second: number) => (second >= 200 && second % 200 < 60 ? 40 : 0);
    const store = createMemoryStore([WEAK]);
    await run(store, temperatures(560, faulty), 1_000);
    expect(told(store)).toEqual(["raised weak", "cleared weak", "recurred weak", "cleared weak"]);
    const { alert } = store.events[0]!;
    expect(alert).toMatchObject({ asset_id: "PUMP-001", severity: "warning", threshold: 50 });
    expect(alert).not.toHaveProperty("sensor_id");
    expect(alert.title).toMatch(/^Health \d+(\.\d)? below warning limit 50$/);
    expect(alert.metric_value).toBeLessThan(50);
  });

  it("[R-7.21] withheld health neither raises nor clears", async () => {
    const store = createMemoryStore([WEAK]);
    const before = temperatures(260, (second) => (second >= 200 ? 40 : 0));
    const back = temperatures(5, () => 40).map((one) => ({ ...one, timestamp: one.timestamp + 900_000 }));
    await run(store, [...before, ...back], 1_000);
    expect(store.scores.at(-1)!.score).toBeNull();
    expect(told(store)).toEqual(["raised weak"]);
  });

  it("[R-7.22] a sensor that behaves as it never did raises, and clears when it is as usual again", async () => {
    const store = createMemoryStore([UNUSUAL]);
    await run(
      store,
      temperatures(900, (second) => (second >= 700 && second < 705 ? 30 : 0)),
      1_000,
    );
    expect(told(store)).toEqual(["raised unusual", "cleared unusual"]);
    expect(store.events[0]!.alert).toMatchObject({ sensor_id: "PUMP-001-TEMP", threshold: 0.45 });
    expect(store.events[0]!.alert.title).toMatch(
      /^Temperature behaves unusually: anomaly 0\.\d+ above info limit/,
    );
    expect(store.events[0]!.alert).not.toHaveProperty("unit");
  });

  it("[R-7.20] the same follows however the readings are batched and however often it is restarted", async () => {
    const readings = temperatures(900, (second) => (second >= 700 && second < 760 ? 40 : 0));
    const whole = createMemoryStore([WEAK, UNUSUAL]);
    await run(whole, readings, 1_000);
    const pieces = createMemoryStore([WEAK, UNUSUAL]);
    await run(pieces, readings, 7);
    expect(pieces.events).toEqual(whole.events);
    expect(told(whole)).toContain("raised weak");
    expect(told(whole)).toContain("raised unusual");
  });

  it("[R-7.19] what a rule of the asset raised clears with its next score when the rule is gone", async () => {
    const store = createMemoryStore([WEAK]);
    const readings = temperatures(300, (second) => (second >= 200 ? 40 : 0));
    await run(store, readings.slice(0, 290), 1_000);
    store.rule_set = [];
    await run(store, readings, 1_000);
    expect(told(store)).toEqual(["raised weak", "cleared weak"]);
  });
});

describe("what a rule of the scores is", () => {
  it("a rule of health names no sensor, one of anomalies names one", () => {
    expect(ruleSchema.safeParse({ ...WEAK, sensor_type: "temperature" }).success).toBe(false);
    expect(ruleSchema.safeParse({ ...UNUSUAL, sensor_type: undefined }).success).toBe(false);
    expect(ruleSchema.safeParse({ ...WEAK, condition: { kind: "health", limit: 101 } }).success).toBe(false);
  });
});
