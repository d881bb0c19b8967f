import { otherFeatureCount, otherFeatures, sensorFeatureCount } from "../life/life-features.ts";
import { quadratic, quadraticTerms, standardise, weighedFeatures } from "../life/life-head.ts";
import { FIRST_ESTIMATE_AFTER } from "../life/life-model.ts";
import type { Head } from "../life/life-parameters.ts";
import { LifeStepper, type StepParameters } from "../life/life-stepper.ts";
import { choleskyFactor, Moments, solveFactor, symmetricEigen } from "../life/linear-algebra.ts";
import { stepsOf } from "./fit-steps.ts";
import type { TrainingRun } from "./training-run.ts";

export const COMPONENTS_AT_MOST = 12;
/** What is chosen between, by cross-validation. */
export const COMPONENTS = [6, 8, 12];
export const LAMBDAS = [1e-4, 1e-3, 1e-2, 3e-2];
/** Weight of a step whose life is beyond the cap: there are many and they tell little. */
export const BEYOND_CAP_WEIGHT = 0.3;
/** More steps than this are thinned: neighbours hardly differ. */
const ROWS_AT_MOST = 8_000;
/** Assets of unknown age are seen from so many points of their lives on. */
export const STARTS = [0, 0.2, 0.4, 0.6, 0.8];

export interface HeadShape {
  components: number;
  lambda: number;
}

/** A step of a run: its features, and the life that was left. */
export interface Row {
  asset_id: string;
  features: Float64Array;
  others: Float64Array;
  /** Steps left to failure, beyond the cap too, and since the beginning. */
  life: number;
  age: number;
  /** Whether the run was seen from its beginning. */
  born: boolean;
}

/** What a head is to tell of a row, and how much the row counts. */
export type Target = (row: Row) => { y: number; weight: number };

/** Everything that heads of each shape are solved from: one pass over the data, whatever the number of shapes. */
export interface HeadProblem {
  center: Float64Array;
  vectors: Float64Array;
  features: number;
  others: number;
  means: Float64Array;
  deviations: Float64Array;
  gram: Float64Array;
  right: Float64Array;
  weight: number;
  most: number;
}

export function gatherHead(rows: readonly Row[], target: Target): HeadProblem {
  const features = rows[0]!.features.length;
  const others = rows[0]!.others.length;
  const moments = new Moments(features);
  for (const row of rows) moments.add(row.features);
  const { vectors } = symmetricEigen(moments.covariance(), features);
  const most = Math.min(COMPONENTS_AT_MOST, features);
  const size = most + others;
  const center = moments.mean;
  const regressors = rows.map((row) => project(row, center, vectors, most));
  const means = new Float64Array(size);
  const deviations = new Float64Array(size);
  for (const u of regressors) for (let i = 0; i < size; i++) means[i]! += u[i]! / rows.length;
  for (const u of regressors) for (let i = 0; i < size; i++) deviations[i]! += (u[i]! - means[i]!) ** 2;
  for (let i = 0; i < size; i++) deviations[i] = Math.sqrt(deviations[i]! / rows.length) || 1;
  const terms = quadraticTerms(size);
  const gram = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  const q = new Float64Array(terms);
  let weight = 0;
  for (const [at, u] of regressors.entries()) {
    const { y, weight: w } = target(rows[at]!);
    standardise(u, means, deviations);
    quadratic(u, q);
    weight += w;
    const wy = w * y;
    for (let i = 0; i < terms; i++) {
      right[i]! += wy * q[i]!;
      const wq = w * q[i]!;
      const row = i * terms;
      for (let j = 0; j <= i; j++) gram[row + j]! += wq * q[j]!;
    }
  }
  return { center, vectors, features, others, means, deviations, gram, right, weight, most };
}

/** Ridge regression on the first `components` principal components and the other regressors. */
export function solveHead(problem: HeadProblem, { components, lambda }: HeadShape): Head {
  const { center, vectors, features, others, means, deviations, gram, right, weight, most } = problem;
  const count = Math.min(components, most);
  const all = quadraticTerms(most + others);
  const chosen = [
    ...Array.from({ length: count }, (_, c) => c),
    ...Array.from({ length: others }, (_, i) => most + i),
  ];
  const n = chosen.length;
  const product = (i: number, j: number) => 1 + most + others + (i * (i + 1)) / 2 + j;
  const terms = [0, ...chosen.map((i) => 1 + i)];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) terms.push(product(chosen[i]!, chosen[j]!));
  const size = terms.length;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = gram[terms[i]! * all + terms[j]!]!;
      matrix[i * size + j] = value;
      matrix[j * size + i] = value;
    }
    if (i > 0) matrix[i * size + i]! += lambda * weight;
  }
  const coefficients = solveFactor(
    choleskyFactor(matrix, size),
    Float64Array.from(terms, (term) => right[term]!),
  );
  return {
    center: Array.from(center),
    components: Array.from({ length: count }, (_, c) =>
      Array.from(vectors.subarray(c * features, (c + 1) * features)),
    ),
    means: chosen.map((i) => means[i]!),
    deviations: chosen.map((i) => deviations[i]!),
    coefficients: Array.from(coefficients),
    lambda,
  };
}

function project(row: Row, center: Float64Array, vectors: Float64Array, most: number): Float64Array {
  const { features, others } = row;
  const u = new Float64Array(most + others.length);
  for (let c = 0; c < most; c++)
    for (let i = 0; i < features.length; i++)
      u[c]! += vectors[c * features.length + i]! * (features[i]! - center[i]!);
  u.set(others, most);
  return u;
}

/** What heads of one problem but of several shapes tell of rows: `[shape][row]`, neither rounded nor bounded. */
export function tellRows(problem: HeadProblem, heads: readonly Head[], rows: readonly Row[]): Float64Array[] {
  const { center, vectors, most, means, deviations, others } = problem;
  const told = heads.map(() => new Float64Array(rows.length));
  const parts = heads.map(({ components }) => {
    const u = new Float64Array(components.length + others);
    return { u, terms: new Float64Array(quadraticTerms(u.length)) };
  });
  for (const [at, row] of rows.entries()) {
    const all = project(row, center, vectors, most);
    standardise(all, means, deviations);
    for (const [which, { components, coefficients }] of heads.entries()) {
      const { u, terms } = parts[which]!;
      u.set(all.subarray(0, components.length));
      u.set(all.subarray(most), components.length);
      quadratic(u, terms);
      let sum = 0;
      for (let k = 0; k < terms.length; k++) sum += coefficients[k]! * terms[k]!;
      told[which]![at] = sum;
    }
  }
  return told;
}

/**
 * Rows of some runs, thinned to `ROWS_AT_MOST`.
 * @param own whether with the asset's own baseline and age
 * @param starts shares of its life from which on each run is seen
 */
export function rowsOf(
  steps: StepParameters,
  runs: readonly TrainingRun[],
  own: boolean,
  starts: readonly number[],
): Row[] {
  const stepper = new LifeStepper(steps);
  const rows: Row[] = [];
  const total = runs.reduce((sum, run) => sum + stepsIn(run, steps.step_ms), 0);
  const share = starts.reduce((sum, start) => sum + 1 - start, 0);
  const each = Math.max(1, Math.ceil((total * share) / ROWS_AT_MOST));
  for (const run of runs)
    for (const start of starts) {
      const from = Math.floor(start * run.frames.length);
      for (const state of stepsOf(stepper, run, from)) {
        const { averages, age } = state;
        if (averages.steps < FIRST_ESTIMATE_AFTER || averages.steps % each !== 0) continue;
        const features = new Float64Array(sensorFeatureCount(stepper.size, own));
        weighedFeatures(averages, own, features);
        const others = new Float64Array(otherFeatureCount(own));
        otherFeatures(averages, own ? age : undefined, others, 0);
        const life = lifeLeft(run, state.timestamp, steps.step_ms);
        rows.push({ asset_id: run.asset_id, features, others, life, age, born: start === 0 });
      }
    }
  return rows;
}

/** About how many time steps a run has. */
function stepsIn({ frames }: TrainingRun, step_ms: number | null): number {
  if (step_ms === null) return frames.length;
  return Math.min(frames.length, Math.ceil((frames.at(-1)!.timestamp - frames[0]!.timestamp) / step_ms) + 1);
}

/** Steps between a time and the failure of a run. Where each frame is a step, those are counted. */
export function lifeLeft(run: TrainingRun, at: number, step_ms: number | null): number {
  if (step_ms !== null) return (run.failed_at - at) / step_ms;
  return (run.failed_at - at) / intervalOf(run);
}

const intervals = new WeakMap<TrainingRun, number>();

/** Median time between two frames of a run. */
export function intervalOf(run: TrainingRun): number {
  const known = intervals.get(run);
  if (known !== undefined) return known;
  const steps = run.frames.slice(1).map(({ timestamp }, i) => timestamp - run.frames[i]!.timestamp);
  steps.sort((a, b) => a - b);
  const median = steps[Math.floor(steps.length / 2)] ?? 1;
  intervals.set(run, median);
  return median;
}
