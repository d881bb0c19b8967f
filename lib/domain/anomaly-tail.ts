/** Bins of half an octave, from 2⁻⁸ to 2¹⁶ of a channel's usual size. */
const PER_OCTAVE = 2;
const LOWEST_OCTAVE = -8;
export const TAIL_BINS = 48;
/** When so many values are counted all counts are halved: what is long past fades. */
const MEMORY = 20_000;
/** The usual size is the mean of so many first values that are not 0. */
const REFERENCE_VALUES = 32;
/** The tail beyond what was seen falls with a power that is read off between these shares of the values. */
const TAIL_FROM = 0.05;
const TAIL_TO = 0.005;
const STEEPEST = 10;
const FLATTEST = 1;

/** How often a quantity has been how large: counts over its logarithm, and the size that the logarithm refers to. */
export interface Tail {
  counts: Float64Array;
  total: number;
  reference: number;
  reference_values: number;
}

export function emptyTail(): Tail {
  return { counts: new Float64Array(TAIL_BINS), total: 0, reference: 0, reference_values: 0 };
}

/** Where a size lies, in bins from the lowest; below 0 for one as good as none. */
export function placeIn(tail: Tail, size: number): number {
  return size <= 0 || tail.reference === 0
    ? -1
    : PER_OCTAVE * (Math.log2(size / tail.reference) - LOWEST_OCTAVE);
}

/**
 * @param at its place before it is counted
 * @param weight 1, or less where the value is believed to be none of the sensor's own ways
 */
export function count(tail: Tail, size: number, at: number, weight: number): void {
  if (size > 0 && tail.reference_values < REFERENCE_VALUES) {
    // Counts that refer to another size are of no use; they are few.
    tail.reference += (size - tail.reference) / ++tail.reference_values;
    if (tail.reference_values === REFERENCE_VALUES) {
      tail.counts.fill(0);
      tail.total = 0;
    }
  }
  const bin = size <= 0 ? 0 : Math.max(0, Math.min(TAIL_BINS - 1, Math.floor(at)));
  tail.counts[bin]! += weight;
  tail.total += weight;
  if (tail.total < MEMORY) return;
  tail.total = 0;
  for (let at = 0; at < TAIL_BINS; at++) {
    tail.counts[at]! /= 2;
    tail.total += tail.counts[at]!;
  }
}

/**
 * How rare a size at a place is: −log₁₀ of the share of values at least as large. Beyond the largest that was seen the share falls
 * by a power law (peaks over a threshold: A. Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory",
 * KDD 2017; the power is Hill's, read off two quantiles).
 */
export function rarity(tail: Tail, at: number): number {
  const { counts, total } = tail;
  if (total < 1 || tail.reference_values < REFERENCE_VALUES) return 0;
  if (at < 0) return 0;
  let above = 0;
  let from = -1;
  let to = -1;
  let top = -1;
  for (let bin = TAIL_BINS - 1; bin >= 0; bin--) {
    const here = counts[bin]!;
    if (here === 0 && top < 0) continue;
    if (top < 0) top = bin + 1;
    if (at >= bin && at < top) {
      const within = at >= bin + 1 ? 0 : (bin + 1 - at) * here;
      return -Math.log10(Math.max(0.5, above + within) / total);
    }
    above += here;
    if (to < 0 && above >= TAIL_TO * total) to = bin;
    if (above >= TAIL_FROM * total) {
      from = bin;
      break;
    }
  }
  // What is in the bulk need not be told apart.
  if (at < top) return 0;
  const octaves = Math.max(1, to - from) / PER_OCTAVE;
  const power = Math.max(FLATTEST, Math.min(STEEPEST, Math.log2(TAIL_FROM / TAIL_TO) / octaves));
  return Math.log10(2 * total) + (power * (at - top) * Math.log10(2)) / PER_OCTAVE;
}
