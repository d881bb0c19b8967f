/**
 * How well remaining life is told of engines that the model has not seen. Prints the figures of docs/judgement.md.
 *
 *   node --import tsx scripts/life-figures.ts DIR
 *
 * For every train_NAME.txt of the directory: trains on it, then judges test_NAME.txt against RUL_NAME.txt where both are
 * there; else one engine in four is kept out of training and seen from its beginning to its failure.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LifeModel } from "../lib/health/life/life-model.ts";
import type { LifeEstimate } from "../lib/health/life/life-stepper.ts";
import { lifeFigures } from "../lib/health/training/metrics.ts";
import { trainLife } from "../lib/health/training/train-life.ts";
import type { TrainingRun, TrainingSet } from "../lib/health/training/training-run.ts";
import { CMAPSS_COLUMNS } from "../lib/ingest/cmapss/cmapss-columns.ts";
import { readCmapss } from "../lib/ingest/cmapss/read-cmapss.ts";
import { textOf } from "../lib/runtime/commands/life/read-runs.ts";

const CAP = 125;
const CYCLE_MS = 60_000;
/** The published test sets end with so many cycles left, and have at least so many behind. */
const LEFT = [7, 145] as const;
const BEHIND = 31;
const RAISE_AT = 30;

async function load(path: string): Promise<TrainingSet> {
  const runs = new Map<number, TrainingRun>();
  for (const { unit, cycle, values } of await readCmapss(path)) {
    let run = runs.get(unit);
    if (run === undefined) {
      run = { asset_id: String(unit).padStart(4, "0"), asset_type: "engine", frames: [], failed_at: 0 };
      runs.set(unit, run);
    }
    run.failed_at = cycle * CYCLE_MS;
    run.frames.push({ timestamp: run.failed_at, values: Float64Array.from(values, Number) });
  }
  const sensors = CMAPSS_COLUMNS.map(({ symbol, sensor_type, unit }) => ({ key: symbol, sensor_type, unit }));
  return { sensors, runs: [...runs.values()].sort((a, b) => (a.asset_id < b.asset_id ? -1 : 1)) };
}

function live(model: LifeModel, run: TrainingRun, from = 0): LifeEstimate[] {
  const state = model.initial();
  return run.frames.slice(from).map(({ timestamp, values }) => model.take(state, timestamp, values));
}

const row = (told: LifeEstimate, life: number) =>
  told.rul === null
    ? []
    : [{ predicted: told.rul, actual: Math.min(CAP, life), low: told.low, high: told.high }];

function show(name: string, rows: Parameters<typeof lifeFigures>[0]): void {
  const { n, rmse, nasa, coverage, bias } = lifeFigures(rows);
  console.log(
    `  ${name}: ${n} predictions, RMSE ${rmse.toFixed(2)}, NASA score per 100 ${((100 * nasa) / n).toFixed(0)}, interval holds ${(100 * coverage!).toFixed(1)} %, bias ${bias.toFixed(2)}`,
  );
}

/** Cycles before the failure at which the alert is raised, by engine. */
function leads(model: LifeModel, runs: readonly TrainingRun[]): void {
  const found = runs.map((run) => {
    const told = live(model, run);
    const low = (k: number) => (told[k]?.rul ?? CAP) <= RAISE_AT;
    return run.frames.length - 1 - told.findIndex((_, k) => low(k) && low(k - 1));
  });
  const sorted = found.filter((lead, i) => lead < runs[i]!.frames.length).sort((a, b) => a - b);
  const share = (some: number[]) => `${((100 * some.length) / runs.length).toFixed(1)} %`;
  console.log(
    `  alert at ${RAISE_AT}: median lead ${sorted[Math.floor(sorted.length / 2)]} cycles, below 10 in ${share(sorted.filter((lead) => lead < 10))}, above 60 in ${share(sorted.filter((lead) => lead > 60))}, never in ${share(found.filter((lead, i) => lead >= runs[i]!.frames.length))}`,
  );
}

const directory = process.argv[2];
if (directory === undefined) throw new Error("Name the directory of the C-MAPSS files.");
for (const file of readdirSync(directory)
  .filter((name) => /^train_.*\.txt$/.test(name))
  .sort()) {
  const name = file.slice("train_".length, -".txt".length);
  const set = await load(join(directory, file));
  const [test, truth] = [join(directory, `test_${name}.txt`), join(directory, `RUL_${name}.txt`)];
  const published = existsSync(test) && existsSync(truth);
  const kept = published ? [] : set.runs.filter((_, i) => i % 4 === 3);
  const learned = set.runs.filter((run) => !kept.includes(run));
  const begun = process.cpuUsage();
  const trained = trainLife(
    { ...set, runs: learned },
    { unit: "cycles", step_ms: null, cap: CAP, folds: 5, seed: 1 },
  );
  const { user } = process.cpuUsage(begun);
  const model = new LifeModel(trained.parameters);
  const { centers } = trained.parameters.normalisation.regimes;
  console.log(
    `${name}: ${learned.length} engines learned from, ${centers.length} regime(s), ${(user / 1e6).toFixed(0)} s of CPU`,
  );
  if (published) {
    const lives = (await textOf(truth)).split(/\s+/).filter(Boolean).map(Number);
    const tests = (await load(test)).runs;
    show(
      "test engines, last cycle",
      tests.flatMap((run, i) => row(live(model, run).at(-1)!, lives[i]!)),
    );
  }
  for (const start of published ? [] : [0, 0.3, 0.6]) {
    const rows = kept.flatMap((run) => {
      const from = Math.floor(start * run.frames.length);
      return live(model, run, from).flatMap((told, k) => {
        const life = run.frames.length - 1 - from - k;
        return k + 1 < BEHIND || life < LEFT[0] || life > LEFT[1] ? [] : row(told, life);
      });
    });
    show(`kept engines, first seen after ${100 * start} % of their lives`, rows);
  }
  if (!published) leads(model, kept);
}
