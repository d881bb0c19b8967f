import { triangle } from "./correlation.ts";

/** Frames after which scores begin, on a baseline that still grows. */
export const FIRST_SCORE_AFTER = 20;
/** Independent samples after which the baseline is complete. */
const SAMPLES_WANTED = 30;
/** And after so many frames at least, the regime's means after so many independent ones. */
const FRAMES_AT_LEAST = 40;
const SAMPLES_OF_MEAN = 6;
/** The baseline is complete after so many frames, however much they repeat one another. */
const FRAMES_AT_MOST = 400;
/** A regime counts once it has been seen so often. */
const REGIME_FRAMES = 4;
/** Deviations beyond so many standard deviations are drawn in before they are learned (Huber). */
const WINSOR = 4;
const WINSOR_AFTER = 12;

/** Means of one operating regime: per sensor how often it was seen and its mean. */
export interface RegimeMeans {
  counts: number[];
  means: number[];
}

/**
 * The early life of one asset: per-regime means and one scatter matrix of deviations from them, pooled over regimes
 * (Welford's recurrence, deviations winsorised). `scatter` is a lower triangle.
 */
export interface Baseline {
  frames: number;
  complete: boolean;
  regimes: Map<string, RegimeMeans>;
  scatter: Float32Array;
  /** Per sensor: times learned, degrees of freedom, sum of products of successive deviations, the last deviation. */
  seen: number[];
  freedom: number[];
  lagged: number[];
  last: number[];
}

export function emptyBaseline(): Baseline {
  return {
    frames: 0,
    complete: false,
    regimes: new Map(),
    scatter: new Float32Array(0),
    seen: [],
    freedom: [],
    lagged: [],
    last: [],
  };
}

/** A further sensor: a row and a column of zeros. */
export function addSensor(baseline: Baseline): void {
  const size = baseline.seen.push(0);
  baseline.freedom.push(0);
  baseline.lagged.push(0);
  baseline.last.push(0);
  const scatter = new Float32Array(triangle(size));
  scatter.set(baseline.scatter);
  baseline.scatter = scatter;
}

/**
 * Standard deviation within a regime, and what is tolerated besides. A sensor that never moved is taken to move by half
 * a percent of its level.
 */
export function deviationOf(baseline: Baseline, sensor: number, level: number, tolerance: number): number {
  return Math.hypot(learnedDeviation(baseline, sensor, level), tolerance);
}

export function learnedDeviation(baseline: Baseline, sensor: number, level: number): number {
  const variance = baseline.scatter[triangle(sensor) + sensor]! / Math.max(1, baseline.freedom[sensor]!);
  const deviation = Math.sqrt(variance);
  const least = 1e-7 * Math.abs(level);
  return deviation > least && deviation > 0 ? deviation : Math.max(0.005 * Math.abs(level), 1e-9);
}

/** True once the sensor has been seen often enough to be judged. */
export function isLearned(baseline: Baseline, sensor: number): boolean {
  return baseline.seen[sensor]! >= FIRST_SCORE_AFTER;
}

/** The regime's mean of a sensor and how many readings it rests on; `undefined` while those are too few. */
export function regimeMean(
  regime: RegimeMeans | undefined,
  sensor: number,
): { mean: number; count: number } | undefined {
  const count = regime?.counts[sensor] ?? 0;
  return count < REGIME_FRAMES ? undefined : { mean: regime!.means[sensor]!, count };
}

/**
 * Learns a frame: sensors that are not learned yet, all of them while the baseline is not complete, and the means of
 * regimes that are new.
 */
export function learn(baseline: Baseline, regime_key: string, sensors: number[], values: number[]): void {
  let regime = baseline.regimes.get(regime_key);
  if (regime === undefined) {
    regime = { counts: [], means: [] };
    baseline.regimes.set(regime_key, regime);
  }
  const moved: number[] = [];
  const by: number[] = [];
  for (const [at, sensor] of sensors.entries()) {
    const learning = !baseline.complete || !isLearned(baseline, sensor);
    const count = regime.counts[sensor] ?? 0;
    if (!learning && count >= REGIME_FRAMES) continue;
    const mean = regime.means[sensor] ?? 0;
    let deviation = values[at]! - mean;
    if (count > 0 && baseline.freedom[sensor]! >= WINSOR_AFTER) {
      const bound = WINSOR * learnedDeviation(baseline, sensor, mean);
      deviation = Math.max(-bound, Math.min(bound, deviation));
    }
    regime.counts[sensor] = count + 1;
    regime.means[sensor] = mean + deviation / (count + 1);
    if (!learning) continue;
    baseline.seen[sensor]!++;
    if (count === 0) continue;
    const scaled = deviation * Math.sqrt(count / (count + 1));
    baseline.freedom[sensor]!++;
    baseline.lagged[sensor]! += scaled * baseline.last[sensor]!;
    baseline.last[sensor] = scaled;
    moved.push(sensor);
    by.push(scaled);
  }
  const { scatter } = baseline;
  for (let i = 0; i < moved.length; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [Math.max(moved[i]!, moved[j]!), Math.min(moved[i]!, moved[j]!)];
      scatter[triangle(a) + b]! += by[i]! * by[j]!;
    }
  if (!baseline.complete) baseline.frames++;
}

/** Whether the baseline of an asset whose operating settings are measured has seen enough. */
export function hasSeenEnough(baseline: Baseline, regime_key: string): boolean {
  const samples = effectiveSamples(baseline);
  const counts = baseline.regimes.get(regime_key)?.counts ?? [];
  const of_mean = (samples * Math.max(0, ...counts.filter(Boolean))) / Math.max(1, baseline.frames);
  return (
    of_mean >= SAMPLES_OF_MEAN &&
    (baseline.frames >= FRAMES_AT_MOST || (baseline.frames >= FRAMES_AT_LEAST && samples >= SAMPLES_WANTED))
  );
}

/** Lag-1 autocorrelation of the deviations, mean over the learned sensors that move; 0 to 0.98. */
export function autocorrelation(baseline: Baseline): number {
  let sum = 0;
  let moving = 0;
  for (let sensor = 0; sensor < baseline.seen.length; sensor++) {
    const own = baseline.scatter[triangle(sensor) + sensor]!;
    if (own <= 0 || !isLearned(baseline, sensor)) continue;
    sum += baseline.lagged[sensor]! / own;
    moving++;
  }
  return moving === 0 ? 0 : Math.max(0, Math.min(0.98, sum / moving));
}

/** How many independent samples the frames are worth, of a first-order autoregressive series (Bayley & Hammersley 1946). */
export function effectiveSamples(baseline: Baseline): number {
  const rho = autocorrelation(baseline);
  return (baseline.frames * (1 - rho)) / (1 + rho);
}
