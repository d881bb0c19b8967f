/**
 * What is kept of an asset's life and how a time step changes it: O(1) in time and memory. Each step brings the
 * deviations of the condition sensors from the training fleet's means in the present regime, in standard deviations.
 */
export const SPAN_FAST = 10;
export const SPAN_SLOW = 40;
/** The first so many steps are an asset's own baseline. */
export const BASELINE_STEPS = 20;
/** Spans of the averages of the log distance; the last two are what the first two are compared with. */
export const DISTANCE_SPANS = [10, 30, 40, 100] as const;
/** Keeps the logarithm of a distance of next to nothing finite. */
const LEAST_DISTANCE = 0.05;

/** Log distance of an asset that is off its baseline by healthy noise alone. */
const HEALTHY_LEVEL = Math.log(1 + LEAST_DISTANCE);

const decayOf = (span: number) => 1 - 2 / (span + 1);
const FAST = decayOf(SPAN_FAST);
const SLOW = decayOf(SPAN_SLOW);
const DISTANCES = DISTANCE_SPANS.map(decayOf);

/** Averages are kept with the sum of their weights, so that they are unbiased from the first step on. */
export interface LifeAverages {
  /** Steps that were judged. */
  steps: number;
  fast: Float64Array;
  fast_weight: number;
  slow: Float64Array;
  slow_weight: number;
  /** Mean of the first steps. */
  baseline: Float64Array;
  distances: Float64Array;
  distance_weights: Float64Array;
}

export function emptyAverages(sensors: number): LifeAverages {
  return {
    steps: 0,
    fast: new Float64Array(sensors),
    fast_weight: 0,
    slow: new Float64Array(sensors),
    slow_weight: 0,
    baseline: new Float64Array(sensors),
    distances: new Float64Array(DISTANCE_SPANS.length),
    distance_weights: new Float64Array(DISTANCE_SPANS.length),
  };
}

/**
 * @param z deviations of the condition sensors, none missing
 * @param gap steps since the one before, 1 where none was left out
 * @param precision inverse covariance of the healthy noise, whole square
 */
export function addStep(
  averages: LifeAverages,
  z: Float64Array,
  gap: number,
  precision: ArrayLike<number>,
): void {
  const { fast, slow, baseline, distances, distance_weights } = averages;
  const size = z.length;
  averages.steps++;
  const keep_fast = FAST ** (gap - 1) * FAST;
  const keep_slow = SLOW ** (gap - 1) * SLOW;
  const learning = averages.steps <= BASELINE_STEPS;
  for (let i = 0; i < size; i++) {
    fast[i] = keep_fast * fast[i]! + (1 - FAST) * z[i]!;
    slow[i] = keep_slow * slow[i]! + (1 - SLOW) * z[i]!;
    if (learning) baseline[i]! += (z[i]! - baseline[i]!) / averages.steps;
  }
  averages.fast_weight = keep_fast * averages.fast_weight + 1 - FAST;
  averages.slow_weight = keep_slow * averages.slow_weight + 1 - SLOW;
  let squared = 0;
  for (let i = 0; i < size; i++) {
    const own = z[i]! - baseline[i]!;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += precision[i * size + j]! * (z[j]! - baseline[j]!);
    squared += own * sum;
  }
  const log = Math.log(Math.max(0, squared) / size + LEAST_DISTANCE);
  for (let k = 0; k < DISTANCES.length; k++) {
    const decay = DISTANCES[k]!;
    const keep = gap === 1 ? decay : decay ** gap;
    distances[k] = keep * distances[k]! + (1 - decay) * log;
    distance_weights[k] = keep * distance_weights[k]! + 1 - decay;
  }
}

/** Features of the sensors: fast and slow averages and what they differ by from the asset's own baseline. */
export function sensorFeatures(averages: LifeAverages, own: boolean, out: Float64Array): void {
  const { fast, slow, baseline, fast_weight, slow_weight } = averages;
  const size = fast.length;
  for (let i = 0; i < size; i++) {
    const quick = fast[i]! / fast_weight;
    const steady = slow[i]! / slow_weight;
    out[i] = quick;
    out[size + i] = steady;
    out[2 * size + i] = quick - steady;
    if (own) out[3 * size + i] = baseline[i]!;
  }
}

export const sensorFeatureCount = (sensors: number, own: boolean) => sensors * (own ? 4 : 3);

/** The other regressors: distances with their slopes, and clocks where the age is known. */
export function otherFeatures(
  averages: LifeAverages,
  age: number | undefined,
  out: Float64Array,
  at: number,
) {
  const { distances, distance_weights } = averages;
  const level = (k: number) => distances[k]! / distance_weights[k]!;
  out[at] = level(0);
  out[at + 1] = level(1);
  out[at + 2] = level(0) - level(2);
  out[at + 3] = level(1) - level(3);
  if (age === undefined) return;
  out[at + 4] = age;
  out[at + 5] = Math.log(age);
}

/** The same of an asset whose distances are those of healthy noise, without slope, at the end of its baseline. */
export function newOtherFeatures(age: number | undefined, out: Float64Array, at: number): void {
  out.fill(HEALTHY_LEVEL, at, at + 2);
  out.fill(0, at + 2, at + 4);
  if (age === undefined) return;
  const young = Math.min(age, BASELINE_STEPS);
  out[at + 4] = young;
  out[at + 5] = Math.log(young);
}

export const otherFeatureCount = (own: boolean) => (own ? 6 : 4);
