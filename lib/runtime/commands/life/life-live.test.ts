import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DEFAULT_RULES } from "../../../domain/default-rules.ts";
import type { HealthScore } from "../../../domain/health.ts";
import type { Reading } from "../../../domain/reading.ts";
import { type InstalledModel, installModel } from "../../../health/life/installed-model.ts";
import { formatModel, type ModelFile, modelId, sealModel } from "../../../health/life/model-file.ts";
import { SENSORS, TRAINING, wearingFleet } from "../../../health/testing.ts";
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

let file: ModelFile;
let installed: InstalledModel;
const stranger = wearingFleet(3, { seed: 77 }).runs[2]!;

beforeAll(() => {
  const fleet = wearingFleet(16, { seed: 4 });
  const trained = trainLife(fleet, { ...TRAINING, folds: 2 });
  file = sealModel({
    format: "foresight-life-model",
    version: 1,
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
  const clock = createManualClock(Date.UTC(2025, 0, 1));
  const launch = async (): Promise<Processor> => {
    const processor = createProcessor({
      ...{ log, store, clock, logger, metrics },
      pace: { commit_after: 1, config_every: 10 },
    });
    await processor.start();
    ends.push(() => processor.stop());
    return processor;
  };
  return { log, store, launch };
}

function install(store: MemoryStore): void {
  store.models_installed = [
    { asset_type: "engine", model_id: modelId(file), installed_at: 0, file: formatModel(file) },
  ];
  store.config_version++;
}

async function send(log: MemoryLog, store: MemoryStore, readings: Reading[], batch: number): Promise<void> {
  for (let at = 0; at < readings.length; at += batch) log.append(TENANT, readings.slice(at, at + batch), 0);
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

  it("[R-8.45] is the same in other units, and with readings that come twice or late", async () => {
    const readings = readingsOf(stranger);
    const odd = readings.flatMap((reading): Reading[] => {
      if (reading.sensor_type === "temperature")
        return [{ ...reading, unit: "celsius", value: (reading.value * 5) / 9 - 273.15 }];
      if (reading.sensor_type === "pressure")
        return [{ ...reading, unit: "kPa", value: reading.value * 6.894757293168 }];
      return [reading, reading];
    });
    const plain = scored(readings);
    const other = scored(odd);
    expect(other).toHaveLength(plain.length);
    for (const [i, { rul }] of plain.entries())
      if (rul != null) expect(Math.abs(other[i]!.rul! - rul)).toBeLessThan(0.2);
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
