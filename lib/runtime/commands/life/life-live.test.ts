import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DEFAULT_RULES } from "../../../domain/default-rules.ts";
import type { HealthScore } from "../../../domain/health.ts";
import type { Reading } from "../../../domain/reading.ts";
import { STALE_AFTER_MS } from "../../../domain/stale-score.ts";
import { type InstalledModel, installModel } from "../../../health/life/installed-model.ts";
import {
  formatModel,
  MODEL_VERSION,
  type ModelFile,
  modelId,
  sealModel,
} from "../../../health/life/model-file.ts";
import { createNoise, SENSORS, TRAINING, wearingFleet } from "../../../health/testing.ts";
import { trainLife } from "../../../health/training/train-life.ts";
import type { TrainingRun } from "../../../health/training/training-run.ts";
import { createProcessor, type Processor } from "../../../processor/processor.ts";
import {
  createManualClock,
  createMemoryLog,
  createMemoryStore,
  createRecorder,
  type MemoryLog,
  type MemoryStore,
  TENANT,
} from "../../../processor/testing.ts";
import { ReadingScorer } from "./score-readings.ts";

const RECEIVED_AT = Date.UTC(2025, 0, 1);

let file: ModelFile;
let installed: InstalledModel;
const stranger = wearingFleet(3, { seed: 77 }).runs[2]!;

beforeAll(() => {
  const fleet = wearingFleet(16, { seed: 4 });
  const trained = trainLife(fleet, { ...TRAINING, folds: 2 });
  file = sealModel({
    format: "foresight-life-model",
    version: MODEL_VERSION,
    name: "engine",
    asset_types: ["engine"],
    summary: {
      assets: 16,
      steps: trained.held_out.length,
      rmse: 1,
      nasa_per_asset: 1,
      coverage: null,
      regimes: 1,
    },
    provenance: { source: "x", source_sha256: "x", readings: 1, seed: 1, folds: 2, command: "x" },
    parameters: trained.parameters,
  });
  installed = installModel(file);
}, 60_000);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function readingsOf({ asset_id, frames }: TrainingRun): Reading[] {
  return frames.flatMap(({ timestamp, values }) =>
    SENSORS.map(
      ({ key, sensor_type, unit }, i): Reading => ({
        asset_id,
        sensor_id: `${asset_id}-${key}`,
        sensor_type,
        unit,
        value: values[i]!,
        quality: "good",
        timestamp,
      }),
    ),
  );
}

/** A processor over a log and a store in memory, with or without the model. */
function live(with_model: boolean) {
  const log = createMemoryLog();
  const store = createMemoryStore();
  if (with_model) install(store);
  const { logger, metrics } = createRecorder();
  const clock = createManualClock(RECEIVED_AT);
  const launch = async (): Promise<Processor> => {
    const processor = createProcessor({
      ...{ log, store, clock, logger, metrics },
      pace: { commit_after: 1, config_every: 10, silence_every: 10 },
    });
    await processor.start();
    ends.push(() => processor.stop());
    return processor;
  };
  return { log, store, clock, launch };
}

function install(store: MemoryStore): void {
  store.models_installed = [
    { asset_type: "engine", model_id: modelId(file), installed_at: 0, file: formatModel(file) },
  ];
  store.config_version++;
}

async function send(log: MemoryLog, store: MemoryStore, readings: Reading[], batch: number): Promise<void> {
  for (let at = 0; at < readings.length; at += batch)
    log.append(TENANT, readings.slice(at, at + batch), RECEIVED_AT);
  const { next } = await log.head("sensor_readings");
  await vi.waitFor(() => expect(store.position).toBe(next[0]), { timeout: 10_000 });
}

const lifeOf = (score: HealthScore) => {
  const { timestamp, rul, rul_low, rul_high, rul_unit, model, risk_level, reason } = score;
  const { rul_as_new, rul_by_age, rul_evidence } = score;
  return {
    ...{ timestamp, rul, rul_low, rul_high, rul_unit, model, risk_level, reason },
    ...{ rul_as_new, rul_by_age, rul_evidence },
  };
};

/** Of a sum in tenths. */
const tenths = (values: number[]) => values.reduce((sum, value) => sum + Math.round(value * 10), 0);

function scored(readings: Reading[]): HealthScore[] {
  const scores: HealthScore[] = [];
  const scorer = new ReadingScorer(installed, { score: ({ cycle: _, ...score }) => scores.push(score) });
  for (const reading of readings) scorer.take(reading);
  scorer.finish();
  return scores;
}

describe("remaining life, live", () => {
  it("[R-8.42] is the same from the running processor and from a backtest, however the readings are batched", async () => {
    const readings = readingsOf(stranger);
    const expected = scored(readings).map(lifeOf);
    expect(expected.at(-1)).toMatchObject({ rul_unit: "cycles", model: installed.id });
    expect(expected.filter(({ rul }) => rul != null).length).toBe(stranger.frames.length - 9);
    for (const batch of [7, 1_000]) {
      const { log, store, launch } = live(true);
      await launch();
      await send(log, store, readings, batch);
      expect(store.scores.map(lifeOf)).toEqual(expected);
    }
  });

  it("[R-8.44] goes on after a restart as if there had been none", async () => {
    const readings = readingsOf(stranger);
    const { log, store, launch } = live(true);
    const cut = 8 * 30 + 3;
    const first = await launch();
    await send(log, store, readings.slice(0, cut), 50);
    await first.stop();
    await launch();
    await send(log, store, readings.slice(cut), 50);
    expect(store.scores.map(lifeOf)).toEqual(scored(readings).map(lifeOf));
  });

  it("[R-8.44] is rebuilt from history where a model is installed while the server runs", async () => {
    const readings = readingsOf(stranger);
    const { log, store, launch } = live(false);
    await launch();
    const cut = 8 * 40;
    await send(log, store, readings.slice(0, cut), 100);
    expect(store.scores.at(-1)).not.toHaveProperty("rul");
    install(store);
    // The next step of life is told by the model as soon as the processor has noticed it.
    let at = cut;
    await vi.waitFor(async () => {
      await send(log, store, readings.slice(at, at + 8), 8);
      at += 8;
      expect(store.scores.at(-1)!.model).toBe(installed.id);
    });
    await send(log, store, readings.slice(at), 8);
    const told = store.scores.filter(({ model }) => model !== undefined).map(lifeOf);
    const expected = scored(readings).map(lifeOf);
    expect(told.length).toBeGreaterThan(10);
    expect(told).toEqual(expected.slice(-told.length));
  });

  it("[R-8.49] says with every update what it comes from, to the last tenth, and so does the score", async () => {
    const { log, store, launch } = live(true);
    await launch();
    await send(log, store, readingsOf(stranger), 100);
    const known = store.scores.filter(({ rul }) => rul != null);
    expect(known.length).toBe(stranger.frames.length - 9);
    for (const { rul, rul_as_new, rul_by_age, rul_evidence } of known)
      expect(tenths([rul_as_new!, rul_by_age!, ...rul_evidence!.map((one) => one.rul)])).toBe(tenths([rul!]));
    for (const { score, evidence } of store.scores)
      if (score !== null) expect(tenths(evidence.map(({ points }) => points))).toBe(tenths([100 - score]));
    const end = store.scores.at(-1)!;
    expect(end.rul_as_new).toBeGreaterThan(50);
    expect(end.rul_evidence![0]!.rul).toBeLessThan(-10);
    for (const one of store.scores) if (one.rul == null) expect(one).not.toHaveProperty("rul_evidence");
  });

  it("[R-8.49] names only sensors that the asset has", () => {
    const some = readingsOf(stranger).filter(({ sensor_id }) => !sensor_id.endsWith("-P15"));
    const scores = scored(some);
    const named = new Set(
      scores.flatMap(({ rul_evidence = [] }) => rul_evidence.map((one) => one.sensor_id)),
    );
    expect([...named].sort()).toEqual(
      ["BPR", "Nf", "Ps30", "T50"].map((key) => `${stranger.asset_id}-${key}`),
    );
    for (const { rul, rul_as_new, rul_by_age, rul_evidence } of scores)
      if (rul != null)
        expect(tenths([rul_as_new!, rul_by_age!, ...rul_evidence!.map((one) => one.rul)])).toBe(
          tenths([rul]),
        );
  });

  it("[R-8.44] is rebuilt of an asset much older than any in training from its beginning and its newest part", async () => {
    const sound = stranger.frames.slice(0, 20);
    const frames = [...Array.from({ length: 50 }, () => sound).flat(), ...stranger.frames].map(
      ({ values }, k) => ({ values, timestamp: stranger.frames[0]!.timestamp + k * 60_000 }),
    );
    const readings = readingsOf({ ...stranger, frames });
    const { log, store, launch } = live(false);
    const first = await launch();
    const cut = readings.length - 8 * 20;
    await send(log, store, readings.slice(0, cut), 2_000);
    await first.stop();
    install(store);
    await launch();
    await send(log, store, readings.slice(cut), 8);
    const told = store.scores.slice(-15);
    const expected = scored(readings).slice(-15);
    for (const [i, { rul }] of told.entries()) expect(Math.abs(rul! - expected[i]!.rul!)).toBeLessThan(1);
    expect(told.at(-1)!.rul).toBeLessThan(15);
  });

  it("[R-8.45] says where the age of an asset is unknown or in doubt, beside its life", () => {
    const told = (from: number) => {
      const half = { ...stranger, frames: stranger.frames.slice(from) };
      return scored(readingsOf(half)).filter(({ rul, score }) => rul != null && score !== null);
    };
    const mid_life = told(Math.floor(stranger.frames.length * 0.6));
    expect(mid_life.length).toBeGreaterThan(10);
    for (const { reason } of mid_life)
      expect(reason).toMatch(/^age (unknown|in doubt): .* first seen in mid-life$/);
    const from_birth = told(0);
    expect(from_birth.filter(({ reason }) => reason === undefined).length).toBeGreaterThan(
      0.6 * from_birth.length,
    );
  });

  it("[R-8.46] [R-8.23] says why an asset that a model judges has no life, or no score", async () => {
    const readings = readingsOf(stranger);
    const reasons = (some: Reading[]) => scored(some).map(({ reason }) => reason);
    const withheld = ({ rul, rul_low, rul_high }: HealthScore) => [rul, rul_low, rul_high];
    const young = scored(readings.slice(0, 8 * 12));
    expect(young[8]).toMatchObject({ rul: null, reason: "insufficient data: 9 of 20 time steps" });
    expect(young[9]).toMatchObject({ score: null, reason: "insufficient data: 10 of 20 time steps" });
    expect(young[9]!.rul).toBeGreaterThan(0);
    const gone = readings.filter(({ sensor_id }, at) => at < 8 * 30 || !/-(T50|Ps30)$/.test(sensor_id));
    expect(reasons(gone)[29]).toBeUndefined();
    expect(reasons(gone).at(-1)).toBe("sensors are missing: T50, Ps30");
    const hot = readings.map((one, at) => (at < 8 * 30 ? one : { ...one, value: one.value * 1.5 }));
    expect(reasons(hot).at(-1)).toMatch(/^outside the model's training data: /);
    for (const some of [gone, hot]) {
      const last = scored(some).at(-1)!;
      expect(withheld(last)).toEqual([null, null, null]);
      expect(last.score).not.toBeNull();
    }
    const { log, store, clock, launch } = live(true);
    await launch();
    await send(log, store, readings.slice(0, 8 * 40), 100);
    const before = store.scores.at(-1)!;
    expect(before.rul).toBeGreaterThan(0);
    clock.at += STALE_AFTER_MS;
    await vi.waitFor(() => expect(store.scores.at(-1)).toMatchObject({ stale: true }));
    const stale = store.scores.at(-1)!;
    expect(withheld(stale)).toEqual([null, null, null]);
    expect(stale).toMatchObject({ score: null, risk_level: null, reason: "no data for 10 minutes" });
    expect(stale).toMatchObject({ last_score: before.score, rul_unit: "cycles", model: installed.id });
  });

  /** The most by which scores and lives of the same frames differ. */
  function difference(some: Reading[], others: Reading[]): { score: number; rul: number } {
    const [a, b] = [scored(some), scored(others)];
    expect(b.map(({ timestamp }) => timestamp)).toEqual(a.map(({ timestamp }) => timestamp));
    const most = (value: (score: HealthScore) => number | null | undefined) =>
      Math.max(
        ...a.map((one, i) => {
          const [x, y] = [value(one), value(b[i]!)];
          expect(x == null).toBe(y == null);
          return Math.abs((x ?? 0) - (y ?? 0));
        }),
      );
    return { score: most(({ score }) => score), rul: most(({ rul }) => rul) };
  }
  /** A tenth, told in tenths. */
  const ALIKE = 0.1 + 1e-9;

  it("[R-8.45] is the same within a tenth in any unit of temperature and pressure, and so is the score", () => {
    const readings = readingsOf(stranger);
    const temperatures: [string, (rankine: number) => number][] = [
      ["kelvin", (r) => (r * 5) / 9],
      ["celsius", (r) => (r * 5) / 9 - 273.15],
      ["fahrenheit", (r) => r - 459.67],
      ["°R", (r) => r],
    ];
    const pressures: [string, (psia: number) => number][] = [
      ["kPa", (p) => p * 6.894757293168],
      ["bar", (p) => p * 0.06894757293168],
      ["psi", (p) => p],
    ];
    const inUnits = (
      [temperature, ofTemperature]: (typeof temperatures)[number],
      [pressure, ofPressure]: (typeof pressures)[number],
    ) =>
      readings.map((one): Reading => {
        if (one.unit === "rankine") return { ...one, unit: temperature, value: ofTemperature(one.value) };
        if (one.unit === "psia") return { ...one, unit: pressure, value: ofPressure(one.value) };
        return one;
      });
    for (const temperature of temperatures)
      for (const pressure of pressures) {
        const { score, rul } = difference(readings, inUnits(temperature, pressure));
        expect(score).toBeLessThan(ALIKE);
        expect(rul).toBeLessThan(ALIKE);
      }
    // The unit may change in mid-life.
    const half = 8 * 40;
    const turned = [...readings.slice(0, half), ...inUnits(temperatures[1]!, pressures[0]!).slice(half)];
    const { score, rul } = difference(readings, turned);
    expect(score).toBeLessThan(ALIKE);
    expect(rul).toBeLessThan(ALIKE);
  });

  it("[R-8.45] is the same within a tenth with readings that come twice, late or out of order", () => {
    const readings = readingsOf(stranger);
    const { uniform } = createNoise(5);
    const frames = stranger.frames.map((_, k) => readings.slice(8 * k, 8 * (k + 1)));
    const odd = frames.flatMap((frame, k) => {
      // In any order within a time step, which every sensor reports in; and frames of before once more.
      const order = frame.map((one) => ({ one, at: uniform() })).sort((a, b) => a.at - b.at);
      const late = k > 5 && uniform() < 0.3 ? frames[k - 1 - Math.floor(5 * uniform())]! : [];
      return [...order.map(({ one }) => one), ...late, ...(uniform() < 0.3 ? frame : [])];
    });
    const { score, rul } = difference(readings, odd);
    expect(score).toBeLessThan(ALIKE);
    expect(rul).toBeLessThan(ALIKE);
  });

  it("[R-8.45] bridges time steps that are missing, here one in ten", () => {
    const { uniform } = createNoise(6);
    const left = new Set(stranger.frames.flatMap((_, k) => (k < 2 || uniform() < 0.9 ? [k] : [])));
    const whole = scored(readingsOf(stranger));
    const some = scored(readingsOf({ ...stranger, frames: stranger.frames.filter((_, k) => left.has(k)) }));
    const at = new Map(whole.map((one) => [one.timestamp, one]));
    const off = (value: (score: HealthScore) => number | null | undefined) => {
      const known = some.filter((one) => value(one) != null && value(at.get(one.timestamp)!) != null);
      return known.reduce(
        (sum, one) => sum + Math.abs(value(one)! - value(at.get(one.timestamp)!)!) / known.length,
        0,
      );
    };
    expect(off(({ rul }) => rul)).toBeLessThan(2);
    expect(off(({ score }) => score)).toBeLessThan(3);
  });

  it("[R-7.25] at most 30 cycles of it, twice in a row, raise an alert; a repaired asset clears it at 45", async () => {
    const readings = readingsOf(stranger);
    const shift = stranger.frames.length * 60_000;
    const repaired = readings.map((one) => ({ ...one, timestamp: one.timestamp + shift }));
    const { log, store, launch } = live(true);
    store.rule_set = DEFAULT_RULES.filter(({ condition }) => condition.kind === "remaining_life");
    expect(store.rule_set).toHaveLength(1);
    await launch();
    await send(log, store, readings, 100);
    const low = (at: number) => (store.scores[at]?.rul ?? 99) <= 30;
    const second = store.scores.findIndex((_, at) => low(at) && low(at - 1));
    expect(second).toBeGreaterThan(20);
    expect(store.events.map(({ kind }) => kind)).toEqual(["raised"]);
    const { alert } = store.events[0]!;
    expect(alert).toMatchObject({
      asset_id: stranger.asset_id,
      threshold: 30,
      unit: "cycles",
      severity: "warning",
    });
    expect(alert.timestamp).toBe(store.scores[second]!.timestamp);
    await send(log, store, repaired.slice(0, 8 * 40), 100);
    expect(store.events.map(({ kind }) => kind)).toEqual(["raised", "cleared"]);
  });
});
