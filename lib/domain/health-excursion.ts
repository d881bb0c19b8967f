import { triangle } from "./correlation.ts";
import type { Baseline } from "./health-baseline.ts";

/** An excursion begins where a sensor's smoothed deviation exceeds so much of what it is known to vary … */
const BEGINS = 2.5;
/** … and has ended when each is back within this. */
const ENDS = 1.5;
/** At least this share of what is tolerated counts as known. */
const KNOWN_SHARE = 0.3;
/** What went with a score below this was no ordinary operation, even if it came back. */
const LOWEST = 60;

/**
 * What an asset does outside of what is known of it is not learned before it has come back by itself: damage does not.
 * `sums` and `products` are of the deviations from the baseline's means, in the sensors' units.
 */
export interface Excursion {
  frames: number;
  lowest: number;
  sums: Float64Array;
  products: Float32Array;
}

/** How far the smoothed deviation of the sensor that is furthest off exceeds what it is known to vary. */
export function strangeness(
  smoothed: readonly number[],
  known: readonly number[],
  tolerances: readonly number[],
): number {
  let most = 0;
  for (let row = 0; row < smoothed.length; row++)
    most = Math.max(
      most,
      Math.abs(smoothed[row]!) / Math.max(known[row] ?? 0, KNOWN_SHARE * tolerances[row]!, 1e-12),
    );
  return most;
}

export function begins(strange: number): boolean {
  return strange > BEGINS;
}

export function hasEnded(strange: number): boolean {
  return strange < ENDS;
}

export function newExcursion(sensors: number): Excursion {
  return {
    frames: 0,
    lowest: 100,
    sums: new Float64Array(sensors),
    products: new Float32Array(triangle(sensors)),
  };
}

/** Takes one frame's deviations by row; what did not report counts as no deviation. */
export function addToExcursion(excursion: Excursion, deviations: Float64Array, score: number | null): void {
  const { sums, products } = excursion;
  excursion.frames++;
  if (score !== null && score < excursion.lowest) excursion.lowest = score;
  for (let i = 0; i < sums.length; i++) {
    const own = deviations[i]!;
    sums[i]! += own;
    const row = triangle(i);
    for (let j = 0; j <= i; j++) products[row + j]! += own * deviations[j]!;
  }
}

/**
 * Pools an excursion that has come back with what was learned (Chan, Golub & LeVeque 1979).
 * @returns false where it went too low to be ordinary
 */
export function learnExcursion(baseline: Baseline, regime_key: string, excursion: Excursion): boolean {
  const regime = baseline.regimes.get(regime_key);
  const { frames, lowest, sums, products } = excursion;
  if (regime === undefined || lowest < LOWEST) return false;
  const size = sums.length;
  const means = sums.map((sum) => sum / frames);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const count = Math.min(regime.counts[i] ?? 0, regime.counts[j] ?? 0);
      if (count === 0) continue;
      const at = triangle(i) + j;
      const apart = (frames * count) / (frames + count);
      baseline.scatter[at]! += products[at]! + (apart - frames) * means[i]! * means[j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    const count = regime.counts[i] ?? 0;
    if (count === 0) continue;
    regime.means[i]! += (frames / (frames + count)) * means[i]!;
    regime.counts[i] = count + frames;
    baseline.seen[i]! += frames;
    baseline.freedom[i]! += frames;
  }
  baseline.frames += frames;
  return true;
}
