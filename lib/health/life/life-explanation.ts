import type { LifeAverages } from "./life-features.ts";

/**
 * Where a remaining life comes from, in time steps: `life` = `as_new` + `by_age` + the sum of `by_sensor`.
 * `by_sensor` is by condition sensor; what is less than 0 takes life away.
 */
export interface LifeExplanation {
  life: number;
  /** What the model tells of the asset as it was when new. */
  as_new: number;
  by_age: number;
  by_sensor: Float64Array;
}

/**
 * Gradient of a quadratic half way between two points. A quadratic's gradient is linear, so this one, times the way, is
 * the integral of the gradients along the straight line: what each variable contributes to the change (Aumann & Shapley
 * 1974; integrated gradients, Sundararajan, Taly & Yan 2017). The contributions sum to the change exactly.
 * @param coefficients constant, linear terms, products j ≤ i
 */
export function middleGradient(
  coefficients: ArrayLike<number>,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
): Float64Array {
  const n = from.length;
  const gradient = new Float64Array(n);
  const middle = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    gradient[i] = coefficients[1 + i]!;
    middle[i] = (from[i]! + to[i]!) / 2;
  }
  let k = 1 + n;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const product = coefficients[k++]!;
      gradient[i]! += product * middle[j]!;
      gradient[j]! += product * middle[i]!;
    }
  return gradient;
}

/**
 * Each sensor's share of the distance from the own baseline: its part of the squared Mahalanobis length of the fast
 * averages. Parts below 0, which correlated sensors can have, count nothing.
 */
export function distanceShares(
  { fast, fast_weight, baseline }: LifeAverages,
  precision: ArrayLike<number>,
): Float64Array {
  const size = fast.length;
  const off = new Float64Array(size);
  for (let i = 0; i < size; i++) off[i] = fast[i]! / fast_weight - baseline[i]!;
  const parts = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += precision[i * size + j]! * off[j]!;
    parts[i] = Math.max(0, off[i]! * sum);
  }
  return sharesOf(parts);
}

/** Amounts of 0 or more → shares that sum to 1; equal ones where there is nothing to share by. */
export function sharesOf(amounts: Float64Array): Float64Array {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return amounts.map((amount) => (total > 0 ? amount / total : 1 / amounts.length));
}

/** The mean of two explanations of one asset, the first counting by `share`. */
export function mixExplanations(a: LifeExplanation, b: LifeExplanation, share: number): LifeExplanation {
  const mix = (x: number, y: number) => share * x + (1 - share) * y;
  return {
    life: mix(a.life, b.life),
    as_new: mix(a.as_new, b.as_new),
    by_age: mix(a.by_age, b.by_age),
    by_sensor: a.by_sensor.map((value, i) => mix(value, b.by_sensor[i]!)),
  };
}
