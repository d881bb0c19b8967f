import { ForesightError } from "../../domain/errors.ts";
import type { LifeUnit } from "../../domain/health.ts";
import { LifeModel } from "../life/life-model.ts";
import type { Interval, LifeParameters } from "../life/life-parameters.ts";
import {
  BEYOND_CAP_WEIGHT,
  COMPONENTS,
  gatherHead,
  type HeadShape,
  LAMBDAS,
  lifeLeft,
  type Row,
  rowsOf,
  STARTS,
  solveHead,
  type Target,
  tellRows,
} from "./fit-head.ts";
import { fitNormalisation } from "./fit-normalisation.ts";
import { fitSteps } from "./fit-steps.ts";
import { conformalInterval, type HeldOut } from "./intervals.ts";
import type { TrainingRun, TrainingSet } from "./training-run.ts";

export interface TrainingOptions {
  unit: LifeUnit;
  /** Length of a step in ms; `null` where each frame is one. */
  step_ms: number | null;
  cap: number;
  folds: number;
  seed: number;
  onProgress?: (share: number, doing: string) => void;
}

export interface Trained {
  parameters: LifeParameters;
  /** Out-of-fold predictions of the chosen model, one a step. */
  held_out: HeldOut[];
  held_out_of_unknown_age: HeldOut[];
  /** R.m.s. error by sensor where that sensor is missing, and with all of them (held-out assets of one fold). */
  without: { key: string; rmse: number }[];
  with_all: number;
}

export const LEAST_RUNS = 5;
const NO_INTERVAL: Interval = { at: [0], low: [0], high: [0] };
/** Whether an asset is seen from its beginning is told from these. */
const BEGINNING_SHAPE: HeadShape = { components: 12, lambda: 1e-2 };

/**
 * Learns remaining life from run-to-failure histories. Grouped cross-validation by asset chooses the number of
 * components and the ridge, and gives the held-out predictions that intervals and figures come from; every stage
 * (regimes, normalisation, noise, components, regression) is fitted anew in each fold. Deterministic.
 * @throws ForesightError `invalid_request` for too few runs, or where no sensor changes
 */
export function trainLife(set: TrainingSet, options: TrainingOptions): Trained {
  const { cap, onProgress } = options;
  const runs = [...set.runs].sort((a, b) => (a.asset_id < b.asset_id ? -1 : 1));
  if (runs.length < LEAST_RUNS)
    throw new ForesightError(
      "invalid_request",
      `${runs.length} run${runs.length === 1 ? "" : "s"} to failure; at least ${LEAST_RUNS} assets are needed.`,
    );
  const folds = Math.min(options.folds, runs.length);
  const fold_of = shuffledFolds(runs.length, folds, options.seed);
  const born: Tried = new Map();
  const unknown: Tried = new Map();
  for (let fold = 0; fold < folds; fold++) {
    onProgress?.(fold / (folds + 1), `cross-validation, fold ${fold + 1} of ${folds}`);
    const some = runs.filter((_, i) => fold_of[i] !== fold);
    const others = runs.filter((_, i) => fold_of[i] === fold);
    const base = fitBase({ ...set, runs: some }, options);
    tryShapes(born, rowsOf(base, some, true, [0]), rowsOf(base, others, true, [0]), cap);
    tryShapes(unknown, rowsOf(base, some, false, STARTS), rowsOf(base, others, false, STARTS), cap);
  }
  onProgress?.(folds / (folds + 1), "the whole fleet");
  const [of_born, of_unknown] = [best(born), best(unknown)];
  const parameters = fitAll({ ...set, runs }, options, of_born.shape, of_unknown.shape);
  parameters.from_birth.interval = conformalInterval(of_born.rows, cap);
  parameters.of_unknown_age.interval = conformalInterval(of_unknown.rows, cap);
  onProgress?.((folds + 0.5) / (folds + 1), "what each sensor adds");
  const some = runs.filter((_, i) => fold_of[i] !== 0);
  const others = runs.filter((_, i) => fold_of[i] === 0);
  const without_some = fitAll({ ...set, runs: some }, options, of_born.shape, of_unknown.shape);
  return {
    parameters,
    held_out: of_born.rows,
    held_out_of_unknown_age: of_unknown.rows,
    ...sensorValue(without_some, others),
  };
}

type Tried = Map<string, { shape: HeadShape; rows: HeldOut[] }>;

type Base = Omit<LifeParameters, "from_birth" | "of_unknown_age" | "beginning">;

function fitBase(set: TrainingSet, { unit, step_ms, cap }: TrainingOptions): Base {
  const normalisation = fitNormalisation(set);
  const { steps, births, longest } = fitSteps(normalisation, set.runs, step_ms);
  return { unit, cap, longest, births, ...steps };
}

function fitAll(
  set: TrainingSet,
  options: TrainingOptions,
  born: HeadShape,
  unknown: HeadShape,
): LifeParameters {
  const base = fitBase(set, options);
  const { runs } = set;
  const life = lifeTarget(options.cap);
  const from_start = rowsOf(base, runs, true, [0]);
  const later = rowsOf(base, runs, true, STARTS);
  return {
    ...base,
    from_birth: { ...solveHead(gatherHead(from_start, life), born), interval: NO_INTERVAL },
    of_unknown_age: {
      ...solveHead(gatherHead(rowsOf(base, runs, false, STARTS), life), unknown),
      interval: NO_INTERVAL,
    },
    beginning: solveHead(gatherHead(later, bornTarget(later)), BEGINNING_SHAPE),
  };
}

function lifeTarget(cap: number): Target {
  return ({ life }) => ({ y: Math.min(cap, life), weight: life > cap ? BEYOND_CAP_WEIGHT : 1 });
}

/** 1 for an asset that is seen from its beginning, 0 for another; both kinds count alike. */
function bornTarget(rows: readonly Row[]): Target {
  const born = rows.filter((row) => row.born).length / rows.length;
  return (row) => (row.born ? { y: 1, weight: 0.5 / born } : { y: 0, weight: 0.5 / (1 - born) });
}

function tryShapes(tried: Tried, some: Row[], others: Row[], cap: number): void {
  const problem = gatherHead(some, lifeTarget(cap));
  const all = [...shapes()];
  const told = tellRows(
    problem,
    all.map((shape) => solveHead(problem, shape)),
    others,
  );
  for (const [which, shape] of all.entries()) {
    const key = JSON.stringify(shape);
    const entry = tried.get(key) ?? { shape, rows: [] };
    tried.set(key, entry);
    for (const [at, { asset_id, life, age }] of others.entries()) {
      const predicted = Math.max(0, Math.min(cap, told[which]![at]!));
      entry.rows.push({ asset_id, predicted, actual: Math.min(cap, life), life, age });
    }
  }
}

function* shapes(): Generator<HeadShape> {
  for (const components of COMPONENTS) for (const lambda of LAMBDAS) yield { components, lambda };
}

function best(tried: Map<string, { shape: HeadShape; rows: HeldOut[] }>) {
  let winner: { shape: HeadShape; rows: HeldOut[] } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const entry of tried.values()) {
    const error = weightedError(entry.rows);
    if (error < least) [least, winner] = [error, entry];
  }
  return winner!;
}

function weightedError(rows: readonly HeldOut[]): number {
  let sum = 0;
  let weights = 0;
  for (const { predicted, actual, life } of rows) {
    const weight = life > actual ? BEYOND_CAP_WEIGHT : 1;
    sum += weight * (predicted - actual) ** 2;
    weights += weight;
  }
  return Math.sqrt(sum / Math.max(weights, 1e-12));
}

/** How much worse the model does where one sensor is missing and has to be filled in from the others. */
function sensorValue(
  parameters: LifeParameters,
  runs: readonly TrainingRun[],
): Pick<Trained, "without" | "with_all"> {
  const { sensors, condition } = parameters.normalisation;
  const model = new LifeModel(parameters);
  const errorWithout = (sensor: number) => {
    const rows: HeldOut[] = [];
    for (const run of runs) {
      const state = model.initial();
      for (const { timestamp, values } of run.frames) {
        const seen = values.map((value, i) => (i === sensor ? Number.NaN : value));
        const told = model.take(state, timestamp, seen);
        if (told.rul === null) continue;
        const life = lifeLeft(run, timestamp, parameters.step_ms);
        const actual = Math.min(parameters.cap, life);
        rows.push({ asset_id: run.asset_id, predicted: told.rul, actual, life, age: state.age });
      }
    }
    return weightedError(rows);
  };
  return {
    with_all: errorWithout(-1),
    without: condition
      .map((sensor) => ({ key: sensors[sensor]!.key, rmse: errorWithout(sensor) }))
      .sort((a, b) => b.rmse - a.rmse),
  };
}

/** Each run's fold: equal shares in an order shuffled by the seed (mulberry32, Fisher–Yates). */
function shuffledFolds(count: number, folds: number, seed: number): number[] {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const fold = new Array<number>(count);
  for (const [place, run] of order.entries()) fold[run] = place % folds;
  return fold;
}
