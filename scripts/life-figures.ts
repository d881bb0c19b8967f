/**
 * How well remaining life is told of engines that the model has not seen. Prints the figures of docs/judgement.md.
 *
 *   node --import tsx scripts/life-figures.ts DIR
 *
 * For every train_NAME.txt (C-MAPSS) of the directory: trains on it and judges test_NAME.txt against RUL_NAME.txt where
 * both are there; else every engine is judged by a model that was trained without it and its fold, intervals included
 * (cross-validation by engine, in other folds each time), from its beginning and from later points of its life on.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LifeModel } from "../lib/health/life/life-model.ts";
import { type HeldOut, judgeRuns } from "../lib/health/training/held-out.ts";
import { lifeFigures } from "../lib/health/training/metrics.ts";
import { trainLife } from "../lib/health/training/train-life.ts";
import type { TrainingRun, TrainingSet } from "../lib/health/training/training-run.ts";
import { CMAPSS_COLUMNS } from "../lib/ingest/cmapss/cmapss-columns.ts";
import { readCmapss } from "../lib/ingest/cmapss/read-cmapss.ts";
import { createRandom } from "../lib/ingest/plant/random.ts";
import { textOf } from "../lib/runtime/commands/life/read-runs.ts";

const CAP = 125;
const CYCLE_MS = 60_000;
/** The published test sets end with so many cycles left, and have at least so many behind. */
const LEFT = [7, 145] as const;
const BEHIND = 31;
const RAISE_AT = 30;
const STARTS = [0, 0.15, 0.3, 0.45, 0.6];
const FOLDS = 5;
const REPEATS = 2;
const CUTS = 20;

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

function train(set: TrainingSet, seed: number): LifeModel {
  const options = { unit: "cycles", step_ms: null, cap: CAP, folds: FOLDS, seed } as const;
  return new LifeModel(trainLife(set, options).parameters);
}

function show(name: string, rows: readonly HeldOut[]): void {
  const { n, rmse, nasa, coverage, bias } = lifeFigures(rows);
  const width = rows.reduce((sum, { low, high }) => sum + high - low, 0) / n;
  console.log(
    `  ${name}: ${n} predictions, RMSE ${rmse.toFixed(2)}, NASA score per 100 ${((100 * nasa) / n).toFixed(0)}, interval holds ${(100 * coverage!).toFixed(1)} %, ${width.toFixed(0)} cycles wide, bias ${bias.toFixed(2)}`,
  );
}

const inWindow = ({ age, life }: HeldOut) => age >= BEHIND && life >= LEFT[0] && life <= LEFT[1];

function byEngine(rows: readonly HeldOut[]): HeldOut[][] {
  const engines = new Map<string, HeldOut[]>();
  for (const row of rows) engines.set(row.asset_id, [...(engines.get(row.asset_id) ?? []), row]);
  return [...engines.values()];
}

/** One cycle an engine, as the published test sets end. */
function cuts(rows: readonly HeldOut[], seed: number): HeldOut[] {
  const random = createRandom(seed);
  return byEngine(rows.filter(inWindow)).flatMap((engine) =>
    Array.from({ length: CUTS }, () => engine[Math.floor(random.uniform() * engine.length)]!),
  );
}

/** Cycles before the failure at which the alert is raised, by engine. */
function leads(rows: readonly HeldOut[]): void {
  const found = byEngine(rows).map(
    (engine) =>
      engine.find((row, k) => row.predicted <= RAISE_AT && (engine[k - 1]?.predicted ?? CAP) <= RAISE_AT)
        ?.life,
  );
  const sorted = found.filter((lead) => lead !== undefined).sort((a, b) => a - b);
  const share = (count: number) => `${((100 * count) / found.length).toFixed(1)} %`;
  console.log(
    `  alert at ${RAISE_AT}: median lead ${sorted[Math.floor(sorted.length / 2)]} cycles, below 10 in ${share(sorted.filter((lead) => lead < 10).length)}, above 60 in ${share(sorted.filter((lead) => lead > 60).length)}, never in ${share(found.length - sorted.length)}`,
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
  console.log(`${name}: ${set.runs.length} engines`);
  if (existsSync(test) && existsSync(truth)) {
    const model = train(set, 1);
    const lives = (await textOf(truth)).split(/\s+/).filter(Boolean).map(Number);
    const { runs } = await load(test);
    const rows = runs.flatMap((run, i) => {
      const failed_at = run.failed_at + lives[i]! * CYCLE_MS;
      return judgeRuns(model, [{ ...run, failed_at }], [0]).slice(-1);
    });
    show("test engines, last cycle", rows);
    continue;
  }
  const judged: HeldOut[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const random = createRandom(100 + repeat);
    const order = set.runs
      .map((run) => ({ run, at: random.uniform() }))
      .sort((a, b) => a.at - b.at)
      .map(({ run }) => run);
    for (let fold = 0; fold < FOLDS; fold++) {
      const kept = order.filter((_, i) => i % FOLDS === fold);
      const model = train({ ...set, runs: order.filter((_, i) => i % FOLDS !== fold) }, 1 + fold);
      for (const row of judgeRuns(model, kept, STARTS))
        judged.push({ ...row, asset_id: `${row.asset_id} ${repeat}` });
    }
  }
  const from = (start: number) => judged.filter((row) => row.start === start);
  show("one cycle an engine", cuts(from(0), 1));
  for (const start of STARTS)
    show(`first seen after ${100 * start} % of their lives`, from(start).filter(inWindow));
  leads(from(0));
}
