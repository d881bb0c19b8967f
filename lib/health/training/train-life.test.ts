import { beforeAll, describe, expect, it } from "vitest";
import { decodeLife, encodeLife } from "../life/life-codec.ts";
import { LifeModel } from "../life/life-model.ts";
import type { LifeEstimate } from "../life/life-stepper.ts";
import {
  formatModel,
  MODEL_VERSION,
  type ModelContent,
  modelId,
  parseModel,
  sealModel,
} from "../life/model-file.ts";
import { TRAINING, wearingFleet } from "../testing.ts";
import { lifeFigures } from "./metrics.ts";
import { type Trained, trainLife } from "./train-life.ts";
import type { TrainingRun } from "./training-run.ts";

let trained: Trained;
let model: LifeModel;
const strangers = wearingFleet(24, { seed: 99, regimes: 6 }).runs;

beforeAll(() => {
  trained = trainLife(wearingFleet(36, { regimes: 6 }), TRAINING);
  model = new LifeModel(trained.parameters);
}, 120_000);

function live(run: TrainingRun, { from = 0, seen = (values: Float64Array) => values } = {}) {
  const state = model.initial();
  const told: LifeEstimate[] = [];
  for (const { timestamp, values } of run.frames.slice(from))
    told.push(model.take(state, timestamp, seen(values)));
  return { state, told };
}

function figures(options: Parameters<typeof live>[1] & { start?: number } = {}) {
  return lifeFigures(
    strangers.flatMap((run) => {
      const from = Math.floor((options.start ?? 0) * run.frames.length);
      return live(run, { ...options, from }).told.flatMap((estimate, k) =>
        estimate.rul === null
          ? []
          : [
              {
                predicted: estimate.rul,
                actual: Math.min(TRAINING.cap, run.frames.length - 1 - from - k),
                low: estimate.low,
                high: estimate.high,
                weight: 1 / run.frames.length,
              },
            ],
      );
    }),
  );
}

const without =
  (...sensors: number[]) =>
  (values: Float64Array) =>
    values.map((value, i) => (sensors.includes(i) ? Number.NaN : value));

describe("remaining life", () => {
  it("[R-8.42] is told of strangers in six regimes far better than their mean life would", () => {
    const lives = strangers.flatMap(({ frames }) =>
      frames.map((_, k) => Math.min(TRAINING.cap, frames.length - 1 - k)),
    );
    const mean = lives.reduce((sum, life) => sum + life, 0) / lives.length;
    const spread = Math.sqrt(lives.reduce((sum, life) => sum + (life - mean) ** 2, 0) / lives.length);
    expect(figures().rmse).toBeLessThan(0.65 * spread);
    expect(trained.parameters.normalisation.regimes.centers).toHaveLength(6);
  });

  it("[R-8.43] lies in its interval for about four assets in five that the model has not seen", () => {
    const { coverage } = figures();
    expect(coverage).toBeGreaterThan(0.68);
    expect(coverage).toBeLessThan(0.92);
  });

  it("[R-8.43] lies in its interval as often where the asset was first seen in mid-life, since that is wider", () => {
    for (const start of [0.3, 0.6]) {
      const { coverage } = figures({ start });
      expect(coverage).toBeGreaterThan(0.68);
      expect(coverage).toBeLessThan(0.94);
    }
    const [later, may_be, born] = trained.parameters.intervals;
    const width = (of: typeof later) => of!.high[7]! - of!.low[7]!;
    expect(width(born)).toBeLessThan(width(may_be));
    expect(born!.born).toBeGreaterThan(later!.born);
  });

  it("[R-8.43] gives held-out figures with intervals that the asset itself had no part in", () => {
    for (const rows of [trained.held_out, trained.held_out_in_mid_life]) {
      const { coverage } = lifeFigures(rows);
      expect(coverage).toBeGreaterThan(0.68);
      expect(coverage).toBeLessThan(0.92);
    }
  });

  it("[R-8.44] goes on exactly where it was saved, after any step", () => {
    const run = strangers[0]!;
    const whole = live(run).told;
    let state = model.initial();
    const pieces = run.frames.map(({ timestamp, values }) => {
      state = decodeLife(encodeLife(state), model.stepper.size);
      return model.take(state, timestamp, values);
    });
    expect(pieces).toEqual(whole);
  });

  it("[R-8.46] is withheld of a young asset, with the reason", () => {
    const { told } = live(strangers[0]!);
    expect(told[8]).toEqual({ rul: null, reason: "insufficient data: 9 of 10 cycles" });
    expect(told[9]!.rul).not.toBeNull();
  });

  it("[R-8.46] is withheld where sensors stay away, with their names", () => {
    const { told } = live(strangers[0]!, { seen: without(3, 4) });
    expect(told.at(-1)).toEqual({ rul: null, reason: "sensors are missing: T50, Ps30" });
  });

  it("[R-8.46] is withheld outside the operating points and the readings of the training data", () => {
    const moved = (by: number) => (values: Float64Array) => values.map((v, i) => (i === 0 ? v + by : v));
    expect(live(strangers[0]!, { seen: moved(5) }).told.at(-1)).toEqual({
      rul: null,
      reason: "the operating point is outside the model's training data",
    });
    const hot = live(strangers[0]!, { seen: (values) => values.map((v, i) => (i > 2 ? v * 1.5 : v)) });
    expect(hot.told.at(-1)).toMatchObject({ rul: null, reason: expect.stringContaining("outside") });
  });

  it("[R-8.45] degrades gently where one sensor is missing, and its interval grows", () => {
    const all = figures();
    const some = figures({ seen: without(4) });
    expect(some.rmse).toBeLessThan(all.rmse * 1.8);
    const width = (estimate: LifeEstimate) => (estimate.rul === null ? 0 : estimate.high - estimate.low);
    const mean = (seen?: (values: Float64Array) => Float64Array) =>
      strangers
        .map((run) => width(live(run, seen && { seen }).told[40]!))
        .reduce((sum, one) => sum + one / strangers.length, 0);
    expect(mean(without(4))).toBeGreaterThan(mean());
  });

  it("[R-8.45] finds the regime without its settings", () => {
    expect(figures({ seen: without(0, 1, 2) }).rmse).toBeLessThan(figures().rmse * 1.05);
  });

  it("[R-8.45] is told of an asset that was first seen in mid-life", () => {
    expect(figures({ start: 0.5 }).rmse).toBeLessThan(16);
  });

  it("[R-8.45] bridges steps that never came", () => {
    const run = strangers[1]!;
    const gap = { ...run, frames: run.frames.filter((_, k) => k < 30 || k >= 36) };
    const { state } = live(gap);
    expect(state.age).toBe(run.frames.length);
  });

  it("[R-8.45] is not moved much by one wild reading", () => {
    const run = strangers[2]!;
    const at = 40;
    const calm = live(run).told[at]!.rul!;
    let k = 0;
    const spiked = live(run, {
      seen: (values) => (k++ === at ? values.map((v, i) => (i === 3 ? v * 10 : v)) : values),
    });
    expect(Math.abs(spiked.told[at]!.rul! - calm)).toBeLessThan(20);
  });

  it("[R-8.47] begins anew when an asset that was near its end has been repaired", () => {
    const [first, second] = [strangers[3]!, strangers[4]!];
    const shift = first.frames.length * 60_000;
    const both = {
      ...first,
      frames: [...first.frames, ...second.frames.map((f) => ({ ...f, timestamp: f.timestamp + shift }))],
    };
    const { told, state } = live(both);
    expect(told[first.frames.length - 1]!.rul).toBeLessThan(15);
    expect(state.age).toBeLessThan(second.frames.length);
    expect(told.at(-1)!.rul).toBeLessThan(20);
  });
});

describe("training", () => {
  it("is deterministic, and another seed shuffles other folds", () => {
    const fleet = wearingFleet(8, { seed: 5 });
    const once = trainLife(fleet, TRAINING);
    expect(trainLife({ ...fleet, runs: [...fleet.runs].reverse() }, TRAINING)).toEqual(once);
    expect(trainLife(fleet, { ...TRAINING, seed: 2 }).held_out).not.toEqual(once.held_out);
  }, 60_000);

  it("refuses too few assets, and sensors that never change", () => {
    expect(() => trainLife(wearingFleet(4), TRAINING)).toThrow(/at least 5/);
    const { sensors, runs } = wearingFleet(6);
    const still = runs.map((run) => ({
      ...run,
      frames: run.frames.map(({ timestamp }) => ({ timestamp, values: new Float64Array(8).fill(7) })),
    }));
    expect(() => trainLife({ sensors, runs: still }, TRAINING)).toThrow(/No sensor changes/);
  });
});

/** Numbers as a file keeps them. */
const shortened = (_: string, value: unknown) =>
  typeof value === "number" ? Number(value.toPrecision(10)) : value;

describe("a model file", () => {
  const content = (): ModelContent => ({
    format: "foresight-life-model",
    version: MODEL_VERSION,
    name: "engine",
    asset_types: ["engine"],
    summary: { assets: 36, steps: 1, rmse: 1, nasa_per_asset: 1, coverage: 0.8, regimes: 6 },
    provenance: { source: "a", source_sha256: "b", readings: 1, seed: 1, folds: 3, command: "c" },
    parameters: trained.parameters,
  });

  it("[R-8.48] comes back as it was written, and judges the same", () => {
    const file = sealModel(content());
    const read = parseModel(formatModel(file));
    expect(read).toEqual(file);
    expect(modelId(read)).toMatch(/^engine@[0-9a-f]{12}$/);
    const { frames } = strangers[0]!;
    const state = new LifeModel(read.parameters).initial();
    const told = frames.map((f) => new LifeModel(read.parameters).take(state, f.timestamp, f.values));
    expect(told.at(-1)!.rul).toBeCloseTo(live(strangers[0]!).told.at(-1)!.rul!, 3);
  });

  it("[R-8.48] of version 1 is read with the intervals that it has, and refused where it was changed", () => {
    const { intervals, ...rest } = content().parameters;
    const of = ({ at, low, high }: (typeof intervals)[number]) => ({ at, low, high });
    const [unknown, , born] = intervals.map(of);
    const parameters = {
      ...rest,
      from_birth: { ...rest.from_birth, interval: born },
      of_unknown_age: { ...rest.of_unknown_age, interval: unknown },
    };
    const old = sealModel({ ...content(), version: 1, parameters } as unknown as ModelContent);
    const read = parseModel(formatModel(old));
    expect(read.sha256).toBe(old.sha256);
    expect(read.parameters.intervals.map(of)).toEqual(
      [unknown, born].map((one) => JSON.parse(JSON.stringify(one), shortened)),
    );
    expect(() => parseModel(formatModel(old).replace('"cap": 80', '"cap": 81'))).toThrow("checksum");
    const without = { ...old, parameters: { ...old.parameters, of_unknown_age: {} } };
    expect(() => parseModel(JSON.stringify(without))).toThrow("is refused: parameters.");
  });

  it("[R-8.48] is refused with the reason where it is damaged, of another version or does not fit itself", () => {
    const text = formatModel(sealModel(content()));
    const refusal = (broken: string) => () => parseModel(broken, "m.json");
    expect(refusal(text.slice(0, 100))).toThrow("m.json is refused: it is no JSON.");
    expect(refusal("{}")).toThrow("its format is not");
    expect(refusal(text.replace('"version": 2', '"version": 3'))).toThrow("it is of version 3");
    expect(refusal(text.replace('"cap": 80', '"cap": 81'))).toThrow("checksum");
    expect(refusal(text.replace('"cap": 80', '"cap": "x"'))).toThrow("parameters.cap");
    const wrong = content();
    const misfit = { ...wrong.parameters, farthest: wrong.parameters.farthest.slice(1) };
    expect(refusal(formatModel(sealModel({ ...wrong, parameters: misfit })))).toThrow(
      /farthest has \d+ numbers/,
    );
  });
});
