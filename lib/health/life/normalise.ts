import type { Normalisation } from "./life-parameters.ts";
import { inverse, Moments } from "./linear-algebra.ts";
import { regimeAt } from "./operating-regimes.ts";

/** A frame is outside the regimes where it is this many times as far from the nearest as any training frame was. */
const FAR_TIMES = 9;
const FAR_LEAST = 1e-3;

/**
 * Deviations of the condition sensors from the fleet's means in the frame's regime, NaN where a value is missing.
 * Without its settings the frame is taken to be in the regime that its other sensors fit best.
 * @returns false where the frame is in no regime of the training data
 */
export function deviate(of: Normalisation, values: ArrayLike<number>, out: Float64Array): boolean {
  const { regimes, condition, deviations, means } = of;
  const found = regimeAt(regimes, values);
  if (found !== undefined && found.distance > Math.max(FAR_LEAST, FAR_TIMES * regimes.radius)) return false;
  const mean = means[found?.regime ?? likeliest(of, values)]!;
  for (let i = 0; i < condition.length; i++) out[i] = (values[condition[i]!]! - mean[i]!) / deviations[i]!;
  return true;
}

function likeliest({ condition, deviations, means }: Normalisation, values: ArrayLike<number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let regime = 0; regime < means.length; regime++) {
    let sum = 0;
    for (let i = 0; i < condition.length; i++) {
      const value = values[condition[i]!]!;
      if (!Number.isNaN(value)) sum += Math.min(1e6, ((value - means[regime]![i]!) / deviations[i]!) ** 2);
    }
    if (sum < least) [least, best] = [sum, regime];
  }
  return best;
}

/** Which values are missing, which they are filled in from (`sources`), and how: missing × sources. */
interface Pattern {
  missing: number[];
  sources: number[];
  weights: Float64Array;
}

const PATTERNS_AT_MOST = 256;

/** Fills missing deviations with what the others lead to expect (conditional mean under the training covariance). */
export class Filler {
  private readonly patterns = new Map<string, Pattern>();

  constructor(
    private readonly covariance: ArrayLike<number>,
    private readonly size: number,
  ) {}

  /** @returns how many were missing */
  fill(z: Float64Array): number {
    let missing = 0;
    for (let i = 0; i < z.length; i++) if (Number.isNaN(z[i]!)) missing++;
    if (missing === 0) return 0;
    if (missing === z.length) {
      z.fill(0);
      return missing;
    }
    const pattern = this.patternOf(z);
    const { sources, weights } = pattern;
    for (const [row, at] of pattern.missing.entries()) {
      let sum = 0;
      for (let k = 0; k < sources.length; k++) sum += weights[row * sources.length + k]! * z[sources[k]!]!;
      z[at] = sum;
    }
    return missing;
  }

  /** @param z NaN where a value is missing; something is there */
  patternOf(z: Float64Array): Pattern {
    const key = z.reduce((text, value) => text + (Number.isNaN(value) ? "0" : "1"), "");
    const known = this.patterns.get(key);
    if (known !== undefined) return known;
    const { covariance, size } = this;
    const missing: number[] = [];
    const sources: number[] = [];
    for (let i = 0; i < size; i++) (key[i] === "0" ? missing : sources).push(i);
    const n = sources.length;
    const own = new Float64Array(n * n);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += covariance[sources[i]! * size + sources[i]!]! / n;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        own[i * n + j] = covariance[sources[i]! * size + sources[j]!]! + (i === j ? 1e-6 * trace + 1e-12 : 0);
    const inverted = inverse(own, n);
    const weights = new Float64Array(missing.length * n);
    for (const [row, at] of missing.entries())
      for (let k = 0; k < n; k++)
        for (let l = 0; l < n; l++)
          weights[row * n + k]! += covariance[at * size + sources[l]!]! * inverted[l * n + k]!;
    const pattern = { missing, sources, weights };
    if (this.patterns.size >= PATTERNS_AT_MOST) this.patterns.clear();
    this.patterns.set(key, pattern);
    return pattern;
  }
}

/** Covariance of rows in which nothing is missing. */
export function covarianceOf(rows: Iterable<Float64Array>, size: number, ridge: number): Float64Array {
  const moments = new Moments(size);
  for (const row of rows) if (!row.some(Number.isNaN)) moments.add(row);
  return moments.covariance(ridge);
}
