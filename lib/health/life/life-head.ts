import {
  type LifeAverages,
  otherFeatureCount,
  otherFeatures,
  sensorFeatureCount,
  sensorFeatures,
} from "./life-features.ts";
import type { Head, Interval } from "./life-parameters.ts";

/** Regressors beyond so many standard deviations count as if they were there: a quadratic runs away outside its data. */
const CLIP = 2.5;
/** Weight of the own baseline among the features, before principal components are taken. */
const BASELINE_WEIGHT = 2;

/** Number of terms of a quadratic in `n` regressors. */
export const quadraticTerms = (n: number) => 1 + n + (n * (n + 1)) / 2;

/** Clipped regressors → constant, linear terms, products. */
export function quadratic(u: Float64Array, out: Float64Array): void {
  const n = u.length;
  out[0] = 1;
  let k = 1;
  for (let i = 0; i < n; i++) out[k++] = u[i]!;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[k++] = u[i]! * u[j]!;
}

/** The sensor features of one asset as principal components are taken of them. */
export function weighedFeatures(averages: LifeAverages, own: boolean, out: Float64Array): void {
  sensorFeatures(averages, own, out);
  if (!own) return;
  const size = averages.fast.length;
  for (let i = 0; i < size; i++) out[3 * size + i]! *= BASELINE_WEIGHT;
}

export function standardise(u: Float64Array, means: ArrayLike<number>, deviations: ArrayLike<number>): void {
  for (let i = 0; i < u.length; i++)
    u[i] = Math.max(-CLIP, Math.min(CLIP, (u[i]! - means[i]!) / deviations[i]!));
}

/** A head with room to compute in: O(1) a step. */
export class CompiledHead {
  private readonly features: Float64Array;
  private readonly u: Float64Array;
  private readonly terms: Float64Array;
  private readonly components: Float64Array;
  private readonly coefficients: Float64Array;

  constructor(
    private readonly head: Omit<Head, "interval">,
    sensors: number,
    private readonly own: boolean,
  ) {
    this.features = new Float64Array(sensorFeatureCount(sensors, own));
    this.u = new Float64Array(head.components.length + otherFeatureCount(own));
    this.terms = new Float64Array(quadraticTerms(this.u.length));
    this.components = Float64Array.from(head.components.flat());
    this.coefficients = Float64Array.from(head.coefficients);
  }

  /** Remaining life in steps, neither rounded nor bounded. */
  predict(averages: LifeAverages, age: number): number {
    const { features, u, terms, components, coefficients, own } = this;
    const { center, means, deviations, components: rows } = this.head;
    weighedFeatures(averages, own, features);
    const size = features.length;
    for (let i = 0; i < size; i++) features[i]! -= center[i]!;
    for (let c = 0; c < rows.length; c++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += components[c * size + i]! * features[i]!;
      u[c] = sum;
    }
    otherFeatures(averages, own ? age : undefined, u, rows.length);
    standardise(u, means, deviations);
    quadratic(u, terms);
    let life = 0;
    for (let k = 0; k < terms.length; k++) life += coefficients[k]! * terms[k]!;
    return life;
  }
}

/** How far the interval reaches below and above a prediction, in steps. */
export function reachOf({ at, low, high }: Interval, predicted: number): { low: number; high: number } {
  let i = 1;
  while (i < at.length - 1 && at[i]! < predicted) i++;
  if (at.length === 1) return { low: low[0]!, high: high[0]! };
  const share = Math.max(0, Math.min(1, (predicted - at[i - 1]!) / (at[i]! - at[i - 1]!)));
  const between = (values: number[]) => values[i - 1]! + share * (values[i]! - values[i - 1]!);
  return { low: between(low), high: between(high) };
}
