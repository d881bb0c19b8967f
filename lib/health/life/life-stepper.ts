import { sharesOf } from "./life-explanation.ts";
import { addStep, emptyAverages, type LifeAverages } from "./life-features.ts";
import type { LifeParameters } from "./life-parameters.ts";
import { deviate, Filler } from "./normalise.ts";

/** What a stepper needs of a model: all but its heads. */
export type StepParameters = Pick<
  LifeParameters,
  "step_ms" | "normalisation" | "noise_precision" | "covariance" | "farthest"
>;

/** Beyond what training has seen by so many standard deviations, a single value is drawn in. */
export const WINSOR = 6;
/** A gap counts as at most so many steps. */
const GAP_AT_MOST = 1_000;

/**
 * What is told of an asset's remaining life, in time steps; withheld with a reason. `born`: how far it looks as
 * if it has been seen from its beginning, 0 to 1.
 */
export type LifeEstimate =
  | { rul: number; low: number; high: number; born: number }
  | { rul: null; reason: string };

/** Everything of one asset. */
export interface LifeState {
  averages: LifeAverages;
  /** Steps since the asset was first seen, those that were left out included. */
  age: number;
  last_at: number;
  /** Shortest time between two frames; gaps are counted in it while all times are multiples of it. */
  interval: number;
  irregular: boolean;
  /** Where steps have a length: the one that is being gathered (−1: none), its sums and how many values they hold. */
  bucket: number;
  sums: Float64Array;
  counts: Float64Array;
  /** By condition sensor: steps in a row without a value. */
  missing: Float64Array;
  /** Frames in a row that were in no regime of the training data. */
  outside: number;
  /** Whether the asset was seen from its beginning: 0 undecided, 1 yes, 2 no. */
  origin: number;
  /** For how many steps the asset has been told to be near its end, and since when it has looked like new again. */
  worn: number;
  fresh_for: number;
  told: LifeEstimate | undefined;
}

export function emptyLife(sensors: number): LifeState {
  return {
    averages: emptyAverages(sensors),
    age: 0,
    last_at: -1,
    interval: 0,
    irregular: false,
    bucket: -1,
    sums: new Float64Array(sensors),
    counts: new Float64Array(sensors),
    missing: new Float64Array(sensors),
    outside: 0,
    origin: 0,
    worn: 0,
    fresh_for: 0,
    told: undefined,
  };
}

/** Turns an asset's frames into steps of its life; the very same in training, in backtests and live. */
export class LifeStepper {
  readonly size: number;
  /** The deviations that the last step was made of, missing ones filled in. */
  last: Float64Array;
  private readonly z: Float64Array;
  private readonly filler: Filler;
  private readonly limits: Float64Array;

  constructor(private readonly of: StepParameters) {
    this.size = of.normalisation.condition.length;
    this.z = new Float64Array(this.size);
    this.last = this.z;
    this.filler = new Filler(of.covariance, this.size);
    this.limits = Float64Array.from(of.farthest, (farthest) => farthest + WINSOR);
  }

  /**
   * Takes a frame, later than all before it.
   * @param values by the model's sensors, in its units, NaN where missing
   * @returns whether a step of life was completed
   */
  take(state: LifeState, timestamp: number, values: ArrayLike<number>): boolean {
    const { z, of, limits } = this;
    const { step_ms } = of;
    if (!deviate(of.normalisation, values, z)) {
      state.outside++;
      return false;
    }
    state.outside = 0;
    for (let i = 0; i < z.length; i++) z[i] = Math.max(-limits[i]!, Math.min(limits[i]!, z[i]!));
    if (step_ms === null) {
      this.step(state, z, gapOf(state, timestamp));
      return true;
    }
    const bucket = Math.floor(timestamp / step_ms);
    let stepped = false;
    if (state.bucket >= 0 && bucket > state.bucket) {
      const mean = new Float64Array(z.length);
      for (let i = 0; i < z.length; i++)
        mean[i] = state.counts[i]! > 0 ? state.sums[i]! / state.counts[i]! : Number.NaN;
      const last = state.last_at < 0 ? state.bucket - 1 : state.last_at;
      this.step(state, mean, Math.max(1, Math.min(GAP_AT_MOST, state.bucket - last)));
      state.last_at = state.bucket;
      state.sums.fill(0);
      state.counts.fill(0);
      stepped = true;
    }
    state.bucket = bucket;
    for (let i = 0; i < z.length; i++) {
      if (Number.isNaN(z[i]!)) continue;
      state.sums[i]! += z[i]!;
      state.counts[i]!++;
    }
    return stepped;
  }

  /**
   * Moves what sensors that are never there contribute to those that they are filled in from, by how much of the filling
   * each makes up. With none of them there, everything stays.
   */
  shareFilled(contributions: Float64Array, averages: LifeAverages, present: readonly boolean[]): void {
    if (present.every(Boolean) || !present.some(Boolean)) return;
    const { fast, fast_weight } = averages;
    const { sources, weights, missing } = this.filler.patternOf(
      Float64Array.from(present, (is) => (is ? 0 : Number.NaN)),
    );
    for (const [row, at] of missing.entries()) {
      const amounts = Float64Array.from(sources, (source, k) =>
        Math.abs((weights[row * sources.length + k]! * fast[source]!) / fast_weight),
      );
      for (const [k, share] of sharesOf(amounts).entries())
        contributions[sources[k]!]! += share * contributions[at]!;
      contributions[at] = 0;
    }
  }

  private step(state: LifeState, z: Float64Array, gap: number): void {
    for (let i = 0; i < z.length; i++) state.missing[i] = Number.isNaN(z[i]!) ? state.missing[i]! + 1 : 0;
    this.filler.fill(z);
    this.last = z;
    state.age += gap;
    addStep(state.averages, z, gap, this.of.noise_precision);
  }
}

/** How many steps lie between this frame and the last: told by the time only where frames come at regular times. */
function gapOf(state: LifeState, timestamp: number): number {
  const elapsed = timestamp - state.last_at;
  const first = state.last_at < 0;
  state.last_at = timestamp;
  if (first || elapsed <= 0 || state.irregular) return 1;
  if (state.interval === 0 || elapsed < state.interval) {
    const ratio = state.interval / elapsed;
    if (state.interval > 0 && Math.abs(ratio - Math.round(ratio)) > 0.05) state.irregular = true;
    state.interval = elapsed;
    return 1;
  }
  const ratio = elapsed / state.interval;
  if (Math.abs(ratio - Math.round(ratio)) > 0.05) {
    state.irregular = true;
    return 1;
  }
  return Math.min(GAP_AT_MOST, Math.round(ratio));
}

/** The asset begins a new life, as after a repair. */
export function beginAnew(state: LifeState): void {
  const { last_at, interval, irregular, bucket } = state;
  Object.assign(state, emptyLife(state.sums.length), { last_at, interval, irregular, bucket, origin: 1 });
}
