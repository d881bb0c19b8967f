import { type LifeExplanation, middleGradient } from "./life-explanation.ts";
import {
  type LifeAverages,
  newOtherFeatures,
  otherFeatureCount,
  otherFeatures,
  sensorFeatureCount,
  sensorFeatures,
} from "./life-features.ts";
import type { Head } from "./life-parameters.ts";

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
    private readonly head: Head,
    private readonly sensors: number,
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
    const { u } = this;
    this.regressors(averages, age);
    standardise(u, this.head.means, this.head.deviations);
    return this.evaluate(u);
  }

  /**
   * Explains a life by what the asset's regressors have moved by since it was new. A component's contribution is shared
   * out by what each sensor has moved it, that of the distances by the sensors' parts of the present distance. Where
   * clipping or the bounds of a life lessen a change, they lessen all of its parts alike.
   * @param level deviations of the sensors of the asset as new
   * @param distance_shares each sensor's share of the distance from the own baseline
   * @param cap lives are bounded to 0 and this
   */
  explain(
    averages: LifeAverages,
    age: number,
    level: ArrayLike<number>,
    distance_shares: ArrayLike<number>,
    cap: number,
  ): LifeExplanation {
    const { means, deviations, components: rows } = this.head;
    const { sensors: size, u, own } = this;
    this.regressors(averages, age);
    const moved = this.movedBy(averages, level);
    const from = Float64Array.from(u);
    const way = new Float64Array(rows.length);
    for (let c = 0; c < rows.length; c++) {
      for (let s = 0; s < size; s++) way[c]! += moved[c * size + s]!;
      from[c]! -= way[c]!;
    }
    newOtherFeatures(own ? age : undefined, from, rows.length);
    standardise(u, means, deviations);
    standardise(from, means, deviations);
    const gradient = middleGradient(this.coefficients, from, u);
    const life = this.evaluate(u);
    const as_new = this.evaluate(from);
    const bounded = (value: number) => Math.max(0, Math.min(cap, value));
    const kept = keptOf(life - as_new, bounded(life) - bounded(as_new));
    const by_sensor = new Float64Array(size);
    for (let c = 0; c < rows.length; c++) {
      const each =
        (kept * gradient[c]! * keptOf(way[c]! / deviations[c]!, u[c]! - from[c]!)) / deviations[c]!;
      for (let s = 0; s < size; s++) by_sensor[s]! += each * moved[c * size + s]!;
    }
    const contribution = (i: number) => kept * gradient[i]! * (u[i]! - from[i]!);
    const clocks = rows.length + otherFeatureCount(false);
    let by_distance = 0;
    let by_age = 0;
    for (let i = rows.length; i < u.length; i++)
      if (i < clocks) by_distance += contribution(i);
      else by_age += contribution(i);
    for (let s = 0; s < size; s++) by_sensor[s]! += by_distance * distance_shares[s]!;
    return { life: bounded(life), as_new: bounded(as_new), by_age, by_sensor };
  }

  /** Components and the other regressors into `u`, as they are. */
  private regressors(averages: LifeAverages, age: number): void {
    const { features, u, components, own } = this;
    const { center, components: rows } = this.head;
    weighedFeatures(averages, own, features);
    const size = features.length;
    for (let i = 0; i < size; i++) features[i]! -= center[i]!;
    for (let c = 0; c < rows.length; c++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += components[c * size + i]! * features[i]!;
      u[c] = sum;
    }
    otherFeatures(averages, own ? age : undefined, u, rows.length);
  }

  private evaluate(u: Float64Array): number {
    const { terms, coefficients } = this;
    quadratic(u, terms);
    let life = 0;
    for (let k = 0; k < terms.length; k++) life += coefficients[k]! * terms[k]!;
    return life;
  }

  /** By component and sensor: what a sensor's averages have moved the component by from a level without trend. */
  private movedBy(averages: LifeAverages, level: ArrayLike<number>): Float64Array {
    const { components, sensors: size, own } = this;
    const count = sensorFeatureCount(size, own);
    const rows = this.head.components.length;
    const { fast, fast_weight, slow, slow_weight } = averages;
    const moved = new Float64Array(rows * size);
    for (let s = 0; s < size; s++) {
      const quick = fast[s]! / fast_weight;
      const steady = slow[s]! / slow_weight;
      for (let c = 0; c < rows; c++) {
        const row = c * count + s;
        moved[c * size + s] =
          components[row]! * (quick - level[s]!) +
          components[row + size]! * (steady - level[s]!) +
          components[row + 2 * size]! * (quick - steady);
      }
    }
    return moved;
  }
}

/** Which share of a change is left after it was bounded. */
function keptOf(change: number, bounded: number): number {
  return change === 0 ? 1 : bounded / change;
}
