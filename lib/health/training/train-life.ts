import { ForesightError } from "../../domain/errors.ts";
import type { LifeUnit } from "../../domain/health.ts";
import { LifeModel } from "../life/life-model.ts";
import type { LifeParameters } from "../life/life-parameters.ts";
import {
  BEYOND_CAP_WEIGHT,
  COMPONENTS,
  gatherHead,
  type HeadProblem,
  type HeadShape,
  LAMBDAS,
  type Row,
  rowsOf,
  STARTS,
  solveHead,
  type Target,
  tellRows,
} from "./fit-head.ts";
import { fitNormalisation } from "./fit-normalisation.ts";
import { fitSteps } from "./fit-steps.ts";
import { type HeldOut, judgeRuns } from "./held-out.ts";
import { conformalIntervals, withIntervals } from "./intervals.ts";
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
  /**
   * What models of the chosen shapes, fitted to the other folds, tell of each asset by the live code, one a step, with
   * intervals from the other folds too; seen from its beginning, and from later points of its life on.
   */
  held_out: HeldOut[];
  held_out_in_mid_life: HeldOut[];
  /** R.m.s. error by sensor where that sensor is missing, and with all of them (held-out assets of one fold). */
  without: { key: string; rmse: number }[];
  with_all: number;
}

export const LEAST_RUNS = 5;
/** Held-out assets are judged from so many points of their lives on. */
const JUDGED_STARTS = [0, 0.1, 0.3, 0.5, 0.7];
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
  const learned: { problems: Problems; others: TrainingRun[] }[] = [];
  for (let fold = 0; fold < folds; fold++) {
    onProgress?.(fold / (folds + 2), `cross-validation, fold ${fold + 1} of ${folds}`);
    const some = runs.filter((_, i) => fold_of[i] !== fold);
    const others = runs.filter((_, i) => fold_of[i] === fold);
    const problems = gather({ ...set, runs: some }, options);
    const { base } = problems;
    tryShapes(born, problems.born, rowsOf(base, others, true, [0]), cap);
    tryShapes(unknown, problems.unknown, rowsOf(base, others, false, STARTS), cap);
    learned.push({ problems, others });
  }
  onProgress?.(folds / (folds + 2), "held-out assets");
  const shapes = { born: best(born), unknown: best(unknown) };
  const models = learned.map(({ problems }) => new LifeModel(solve(problems, shapes)));
  const judged = learned.map(({ others }, fold) => judgeRuns(models[fold]!, others, JUDGED_STARTS));
  // What is told of a fold's assets gets the intervals that the other folds give, as a stranger's life would.
  const held_out = judged.flatMap((rows, fold) =>
    withIntervals(rows, conformalIntervals(judged.filter((_, other) => other !== fold).flat(), cap), cap),
  );
  onProgress?.((folds + 1) / (folds + 2), "the whole fleet");
  return {
    parameters: {
      ...solve(gather({ ...set, runs }, options), shapes),
      intervals: conformalIntervals(judged.flat(), cap),
    },
    held_out: held_out.filter(({ start }) => start === 0),
    held_out_in_mid_life: held_out.filter(({ start }) => start > 0),
    ...sensorValue(models[0]!, learned[0]!.others),
  };
}

type Base = Omit<LifeParameters, "from_birth" | "of_unknown_age" | "beginning" | "intervals">;

/** What the heads of every shape are solved from. */
interface Problems {
  base: Base;
  born: HeadProblem;
  unknown: HeadProblem;
  beginning: HeadProblem;
}

interface Shapes {
  born: HeadShape;
  unknown: HeadShape;
}

function gather(set: TrainingSet, { unit, step_ms, cap }: TrainingOptions): Problems {
  const { runs } = set;
  const normalisation = fitNormalisation(set);
  const { steps, births, longest } = fitSteps(normalisation, runs, step_ms);
  const base = { unit, cap, longest, births, ...steps };
  const life = lifeTarget(cap);
  const later = rowsOf(base, runs, true, STARTS);
  return {
    base,
    born: gatherHead(rowsOf(base, runs, true, [0]), life),
    unknown: gatherHead(rowsOf(base, runs, false, STARTS), life),
    beginning: gatherHead(later, bornTarget(later)),
  };
}

/** The intervals say nothing yet: only others than these runs can give them. */
function solve({ base, born, unknown, beginning }: Problems, shapes: Shapes): LifeParameters {
  return {
    ...base,
    from_birth: solveHead(born, shapes.born),
    of_unknown_age: solveHead(unknown, shapes.unknown),
    beginning: solveHead(beginning, BEGINNING_SHAPE),
    intervals: conformalIntervals([], base.cap),
  };
}

function lifeTarget(cap: number): Target {
  return ({ life }) => ({ y: Math.min(cap, life), weight: weightOf(life, cap) });
}

const weightOf = (life: number, cap: number) => (life > cap ? BEYOND_CAP_WEIGHT : 1);

/** 1 for an asset that is seen from its beginning, 0 for another; both kinds count alike. */
function bornTarget(rows: readonly Row[]): Target {
  const born = rows.filter((row) => row.born).length / rows.length;
  return (row) => (row.born ? { y: 1, weight: 0.5 / born } : { y: 0, weight: 0.5 / (1 - born) });
}

/** By shape, the sum of the weighted squares of the errors of held-out assets. */
type Tried = Map<string, { shape: HeadShape; squares: number }>;

function tryShapes(tried: Tried, problem: HeadProblem, others: readonly Row[], cap: number): void {
  const all = COMPONENTS.flatMap((components) => LAMBDAS.map((lambda) => ({ components, lambda })));
  const told = tellRows(
    problem,
    all.map((shape) => solveHead(problem, shape)),
    others,
  );
  for (const [which, shape] of all.entries()) {
    const key = JSON.stringify(shape);
    const entry = tried.get(key) ?? { shape, squares: 0 };
    tried.set(key, entry);
    for (const [at, { life }] of others.entries()) {
      const predicted = Math.max(0, Math.min(cap, told[which]![at]!));
      entry.squares += weightOf(life, cap) * (predicted - Math.min(cap, life)) ** 2;
    }
  }
}

function best(tried: Tried): HeadShape {
  return [...tried.values()].reduce((a, b) => (b.squares < a.squares ? b : a)).shape;
}

/** How much worse the model does where one sensor is missing and has to be filled in from the others. */
function sensorValue(model: LifeModel, runs: readonly TrainingRun[]): Pick<Trained, "without" | "with_all"> {
  const { normalisation, cap } = model.parameters;
  const errorWithout = (sensor: number) => {
    const rows = judgeRuns(model, runs, [0], (values) =>
      values.map((value, i) => (i === sensor ? Number.NaN : value)),
    );
    let squares = 0;
    let weights = 0;
    for (const { predicted, actual, life } of rows) {
      squares += weightOf(life, cap) * (predicted - actual) ** 2;
      weights += weightOf(life, cap);
    }
    return Math.sqrt(squares / Math.max(weights, 1e-12));
  };
  return {
    with_all: errorWithout(-1),
    without: normalisation.condition
      .map((sensor) => ({ key: normalisation.sensors[sensor]!.key, rmse: errorWithout(sensor) }))
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
