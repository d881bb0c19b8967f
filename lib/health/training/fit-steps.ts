import { BASELINE_STEPS } from "../life/life-features.ts";
import { birthDistance } from "../life/life-model.ts";
import type { Births, Normalisation } from "../life/life-parameters.ts";
import { emptyLife, type LifeState, LifeStepper, type StepParameters } from "../life/life-stepper.ts";
import { inverse, Moments } from "../life/linear-algebra.ts";
import { covarianceOf, deviate } from "../life/normalise.ts";
import type { TrainingRun } from "./training-run.ts";

/** Diagonal added to covariances, as a share of the mean variance: few assets pretend much. */
const RIDGE = 0.01;
const BIRTH_RIDGE = 0.1;
const BIRTH_MARGIN = 1.3;

/** What `LifeStepper` needs, learned in the order in which each part needs the one before. */
export function fitSteps(
  normalisation: Normalisation,
  runs: readonly TrainingRun[],
  step_ms: number | null,
): { steps: StepParameters; births: Births; longest: number } {
  const size = normalisation.condition.length;
  const one = identity(size);
  // Covariance of single frames; where steps gather several, that of their means differs, its correlations hardly.
  const all = covarianceOf(deviationsOf(normalisation, runs), size, 1e-4);
  const loose = new Array<number>(size).fill(1e6);
  const first: StepParameters = {
    step_ms,
    normalisation,
    noise_precision: one,
    covariance: Array.from(all),
    farthest: loose,
  };
  const stepper = new LifeStepper(first);
  const noise = new Moments(size);
  const farthest = new Float64Array(size);
  const begun = new Moments(size);
  const beginnings: Float64Array[] = [];
  let longest = 0;
  for (const run of runs) {
    let baseline: Float64Array | undefined;
    const early: Float64Array[] = [];
    let age = 0;
    for (const state of stepsOf(stepper, run)) {
      const { averages } = state;
      age = state.age;
      if (averages.steps <= BASELINE_STEPS) early.push(Float64Array.from(stepper.last));
      if (averages.steps === BASELINE_STEPS) baseline = Float64Array.from(averages.baseline);
      if (averages.steps >= BASELINE_STEPS)
        for (let i = 0; i < size; i++)
          farthest[i] = Math.max(farthest[i]!, Math.abs(averages.fast[i]! / averages.fast_weight));
    }
    longest = Math.max(longest, age);
    if (baseline === undefined) continue;
    for (const z of early) noise.add(z.map((value, i) => value - baseline[i]!));
    begun.add(baseline);
    beginnings.push(baseline);
  }
  const births = {
    mean: Array.from(begun.mean),
    precision: Array.from(inverse(withFloor(begun, BIRTH_RIDGE), size)),
    limit: 0,
  };
  for (const baseline of beginnings)
    births.limit = Math.max(
      births.limit,
      BIRTH_MARGIN * birthDistance(births.mean, births.precision, baseline),
    );
  return {
    steps: {
      ...first,
      noise_precision: Array.from(inverse(withFloor(noise, RIDGE), size)),
      farthest: Array.from(farthest),
    },
    births,
    longest,
  };
}

/** One after another, the state of a run after each of its steps; the same object each time. */
export function* stepsOf(
  stepper: LifeStepper,
  run: TrainingRun,
  from = 0,
): Generator<LifeState & { timestamp: number }> {
  const state = Object.assign(emptyLife(stepper.size), { timestamp: 0 });
  let steps = 0;
  for (let at = from; at < run.frames.length; at++) {
    const { timestamp, values } = run.frames[at]!;
    stepper.take(state, timestamp, values);
    if (state.averages.steps === steps) continue;
    steps = state.averages.steps;
    state.timestamp = timestamp;
    yield state;
  }
}

function* deviationsOf(normalisation: Normalisation, runs: readonly TrainingRun[]): Generator<Float64Array> {
  const z = new Float64Array(normalisation.condition.length);
  for (const { frames } of runs)
    for (const { values } of frames) if (deviate(normalisation, values, z)) yield z;
}

function withFloor(moments: Moments, ridge: number): Float64Array {
  const covariance = moments.covariance(ridge);
  for (let i = 0; i < moments.size; i++) covariance[i * moments.size + i]! += 1e-9;
  return covariance;
}

function identity(size: number): number[] {
  return Array.from({ length: size * size }, (_, k) => (Math.floor(k / size) === k % size ? 1 : 0));
}
