import { cholesky, shrunkCorrelation, solveCholesky, triangle } from "./correlation.ts";
import {
  addSensor,
  autocorrelation,
  type Baseline,
  deviationOf,
  effectiveSamples,
  emptyBaseline,
  FIRST_SCORE_AFTER,
  hasSeenEnough,
  isLearned,
  learn,
  learnedDeviation,
  regimeMean,
} from "./health-baseline.ts";
import { pointsOf } from "./health-evidence.ts";
import {
  addToExcursion,
  begins,
  type Excursion,
  hasEnded,
  learnExcursion,
  newExcursion,
  strangeness,
} from "./health-excursion.ts";
import type { HealthFrame, HealthJudgement } from "./health-model.ts";
import { experienceOf, type LevelScale, levelScale, toleranceOf } from "./health-tolerance.ts";
import { isDriver, regimePart, tellsCondition } from "./operating-regime.ts";
import { noShift, type ShiftState, stepShift } from "./regime-shift.ts";
import type { EpochMs } from "./time.ts";

/** Weight of the newest frame (Lowry et al. recommend 0.05 to 0.25). */
const LAMBDA = 0.1;
/** A single frame moves the average as if it were at most so many standard deviations off: no spike alone tells of damage. */
const MOST_DEVIATIONS = 10;
/** Sensors beyond these are not part of the judgement. */
const SENSORS_AT_MOST = 64;
const REGIMES_AT_MOST = 12;
/** A sensor takes no part once it has been silent for so many frames and ten times as long as it usually is. */
const SILENT_FRAMES = 100;
/** Mean distance per sensor, in standard deviations of the smoothed baseline, at which half the health is gone. */
const HALF_AT = 5;
/** The same where operating settings are not measured, with what is tolerated besides. */
const HALF_AT_TOLERATED = 3;
const STEEPNESS = 2;
/** Where operating settings are not measured the baseline goes on growing until this experience (a week) has been had. */
const EXPERIENCE_WANTED = 7;
/** So many frames are learned in any case. */
const YOUNG_FRAMES = 40;
/** Without a frame for so many times the usual the asset has stood still; the score comes back after so many frames. */
const STANDSTILL = 20;
const RESUME_FRAMES = 10;

/** Changes of regime are looked for from so many independent samples on, and while the score is at least so high. */
const SAMPLES_FOR_SHIFT = 10;
const HEALTHY_FROM = 55;
const DIRECTIONS_AT_MOST = 3;
/** How far an asset may move in a direction in which it has shifted once, squared, in lengths of that shift. */
const SHIFT_VARIANCE = 4;

/** Everything of one asset; `sensors` are the rows of the baseline. */
export interface EwmaState {
  frames: number;
  /** Set once there were more regimes than can be learned apart: the drivers are then sensors like others. */
  one_regime: boolean;
  drivers: Map<string, number>;
  index: Map<string, number>;
  sensors: { smoothed: number; updates: number; last_frame: number; level: LevelScale }[];
  baseline: Baseline;
  /** Time of the first frame, −1 before it, and how much of the asset's life has been seen since. */
  first_at: EpochMs;
  experience: number;
  /** Time of the last frame, the usual time between two (0 before it is known), and frames since the last standstill. */
  last_at: EpochMs;
  interval: number;
  running_for: number;
  /** By row: the deviation that is known to be ordinary; it grows only by excursions that came back. */
  known: number[];
  excursion: Excursion | undefined;
  /** Derived from the complete baseline, never saved. */
  cache?: { members: number[]; factor: Float64Array; variance: number; complete: boolean };
  /** Changes of regime: how the last one is followed, and the directions (by row) in which the asset has shifted. */
  shift: ShiftState;
  directions: number[][];
  /** Regimes seen while learning; each has means of its own. */
  segment: number;
  score: number | null;
}

export function initialState(): EwmaState {
  return {
    frames: 0,
    one_regime: false,
    drivers: new Map(),
    index: new Map(),
    sensors: [],
    baseline: emptyBaseline(),
    first_at: -1,
    experience: 0,
    last_at: -1,
    interval: 0,
    running_for: 0,
    known: [],
    excursion: undefined,
    shift: noShift(),
    directions: [],
    segment: 0,
    score: null,
  };
}

/**
 * Multivariate exponentially weighted moving average T² (Lowry, Woodall, Champ & Rigdon, Technometrics 34, 1992) of
 * an asset against its own early life. Each sensor's deviation from its mean in the present regime, in standard
 * deviations, is smoothed; T² is the squared Mahalanobis length of the smoothed vector under the baseline's shrunk
 * correlations. Its variance allows for autocorrelated noise (Schmid 1997) and for a mean known from few samples.
 */
export function stepEwma(state: EwmaState, frame: HealthFrame): HealthJudgement {
  state.frames++;
  watchTime(state, frame.timestamp);
  const regime_key = state.segment === 0 ? regimeOf(state, frame) : `#${state.segment}`;
  const { baseline } = state;
  if (!baseline.complete) state.experience = experienceOf(baseline.frames, frame.timestamp - state.first_at);
  const rows: number[] = [];
  const values: number[] = [];
  for (const { sensor_id, sensor_type, unit, value } of frame.values) {
    if (!tellsCondition(sensor_type) || (!state.one_regime && isDriver(sensor_type))) continue;
    let row = state.index.get(sensor_id);
    if (row === undefined) {
      if (state.sensors.length >= SENSORS_AT_MOST) continue;
      row =
        state.sensors.push({ smoothed: 0, updates: 0, last_frame: state.frames, level: levelScale(unit) }) -
        1;
      state.index.set(sensor_id, row);
      addSensor(baseline);
    }
    rows.push(row);
    values.push(value);
  }

  const deviations = deviationsOf(state, regime_key, rows, values);
  const shift = follow(state, regime_key, deviations);
  if (shift === "still") {
    const after_restart = state.running_for < state.frames ? 1 / state.running_for : 0;
    for (let row = 0; row < deviations.length; row++) {
      const z = deviations[row];
      if (z === undefined) continue;
      const sensor = state.sensors[row]!;
      const step = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, z - sensor.smoothed));
      sensor.smoothed += Math.max(LAMBDA, after_restart) * step;
    }
    grow(state, regime_key, rows, values);
  }

  const { members, factor, variance } = geometry(state, regime_key);
  if (members.length === 0)
    return {
      score: null,
      reason: `insufficient data: ${baseline.frames} of ${FIRST_SCORE_AFTER} time steps`,
      evidence: [],
    };
  if (state.running_for < Math.min(RESUME_FRAMES, state.frames))
    return {
      score: null,
      reason: `insufficient data: ${state.running_for} of ${RESUME_FRAMES} time steps since it stood still`,
      evidence: [],
    };
  const smoothed = Float64Array.from(members, (row) => state.sensors[row]!.smoothed);
  const weighted = solveCholesky(factor, smoothed);
  const parts = smoothed.map((value, at) => (value * weighted[at]!) / variance);
  const t2 = parts.reduce((sum, part) => sum + part, 0);
  const score = scoreOf(t2, members.length, isMeasured(state) ? HALF_AT : HALF_AT_TOLERATED);
  state.score = score;
  const ids = [...state.index.keys()];
  return { score, evidence: pointsOf(score, parts, (at) => ids[members[at]!]!) };
}

/** Whether the asset's operating settings are among its sensors; what they do not explain is the asset's own then. */
function isMeasured(state: EwmaState): boolean {
  return state.drivers.size > 0 && !state.one_regime;
}

/** What is tolerated of a row at its present level, in the sensor's unit. */
function tolerated(state: EwmaState, row: number, level: number): number {
  return isMeasured(state) ? 0 : toleranceOf(level, state.sensors[row]!.level, state.experience);
}

/** Learns a frame where it may. */
function grow(state: EwmaState, regime_key: string, rows: number[], values: number[]): void {
  const { baseline } = state;
  if (isMeasured(state)) {
    learn(baseline, regime_key, rows, values);
    baseline.complete ||= hasSeenEnough(baseline, regime_key);
    return;
  }
  if (baseline.complete) return;
  if (baseline.frames < YOUNG_FRAMES) {
    learn(baseline, regime_key, rows, values);
    takeAsKnown(state, regime_key);
  } else if (!wanders(state, regime_key, rows, values)) learn(baseline, regime_key, rows, values);
  baseline.complete = state.experience >= EXPERIENCE_WANTED;
}

function takeAsKnown(state: EwmaState, regime_key: string): void {
  const means = state.baseline.regimes.get(regime_key)?.means ?? [];
  for (let row = 0; row < state.sensors.length; row++)
    state.known[row] = learnedDeviation(state.baseline, row, means[row] ?? 0);
}

/** Whether the asset is on an excursion, which takes the frame then; one that has come back is learned. */
function wanders(state: EwmaState, regime_key: string, rows: number[], values: number[]): boolean {
  const { baseline, sensors } = state;
  const means = baseline.regimes.get(regime_key)?.means ?? [];
  const levels = sensors.map((_, row) => means[row] ?? 0);
  const tolerances = levels.map((level, row) => tolerated(state, row, level));
  const spreads = levels.map((level, row) => deviationOf(baseline, row, level, tolerances[row]!));
  const smoothed = sensors.map((sensor, row) => sensor.smoothed * spreads[row]!);
  const strange = strangeness(smoothed, state.known, tolerances);
  if (state.excursion !== undefined && state.excursion.sums.length !== sensors.length)
    state.excursion = undefined;
  if (state.excursion === undefined) {
    if (!begins(strange)) return false;
    state.excursion = newExcursion(sensors.length);
  } else if (hasEnded(strange)) {
    if (learnExcursion(baseline, regime_key, state.excursion)) takeAsKnown(state, regime_key);
    state.excursion = undefined;
    return false;
  }
  const deviations = new Float64Array(sensors.length);
  for (const [at, row] of rows.entries()) {
    if (means[row] === undefined) continue;
    const bound = MOST_DEVIATIONS * spreads[row]!;
    deviations[row] = Math.max(-bound, Math.min(bound, values[at]! - means[row]));
  }
  addToExcursion(state.excursion, deviations, state.score);
  return true;
}

function watchTime(state: EwmaState, timestamp: EpochMs): void {
  if (state.first_at < 0) state.first_at = timestamp;
  else {
    const since = timestamp - state.last_at;
    if (state.interval > 0 && since > STANDSTILL * state.interval) restart(state);
    else state.interval += (since - state.interval) * (state.interval === 0 ? 1 : 0.05);
  }
  state.last_at = timestamp;
  state.running_for++;
}

/**
 * The asset has stood still and is back: what it showed before may be repaired, so smoothing begins anew, and what was
 * unfinished is forgotten.
 */
function restart(state: EwmaState): void {
  for (const sensor of state.sensors) sensor.smoothed = 0;
  state.excursion = undefined;
  state.shift = noShift();
  state.running_for = 0;
  state.score = null;
}

/**
 * T² → 0–100, falling. T² of n independent sensors is n in health; what exceeds that, per sensor, is the squared
 * distance that the score looks at.
 */
export function scoreOf(t2: number, sensors: number, half_at: number): number {
  const distance = Math.sqrt(Math.max(0, t2 - sensors) / sensors);
  return Math.round(1_000 / (1 + (distance / half_at) ** STEEPNESS)) / 10;
}

/** Deviations of the present values from the regime's means, in standard deviations, by row. */
function deviationsOf(
  state: EwmaState,
  regime_key: string,
  rows: number[],
  values: number[],
): (number | undefined)[] {
  const { baseline } = state;
  const regime = baseline.regimes.get(regime_key);
  const deviations: (number | undefined)[] = [];
  for (const [at, row] of rows.entries()) {
    const sensor = state.sensors[row]!;
    sensor.last_frame = state.frames;
    sensor.updates++;
    const known = isLearned(baseline, row) ? regimeMean(regime, row) : undefined;
    if (known === undefined) continue;
    const tolerance = tolerated(state, row, known.mean);
    const deviation = deviationOf(baseline, row, known.mean, tolerance) * Math.sqrt(1 + 1 / known.count);
    deviations[row] = (values[at]! - known.mean) / deviation;
  }
  return deviations;
}

/** While the asset moves from one regime to another nothing is judged nor learned; where it has moved to, it may be. */
function follow(
  state: EwmaState,
  regime_key: string,
  deviations: (number | undefined)[],
): "still" | "moving" {
  const { baseline, shift } = state;
  const { members, factor } = geometry(state, regime_key);
  const rho = autocorrelation(baseline);
  const ready =
    effectiveSamples(baseline) >= SAMPLES_FOR_SHIFT &&
    state.directions.length < DIRECTIONS_AT_MOST &&
    state.directions.length + 1 < members.length / 2;
  const healthy = (state.score ?? 0) >= HEALTHY_FROM;
  const seen = stepShift(shift, deviations, { members, factor, rho, ready, healthy });
  if (seen.kind !== "shifted") return seen.kind;
  const direction: number[] = [];
  for (const [at, row] of members.entries()) direction[row] = Math.fround(seen.by[at]!);
  state.directions.push(direction);
  state.cache = undefined;
  if (!baseline.complete && state.drivers.size === 0) {
    // What is still being learned goes on from new means; the spread about them is one.
    state.segment++;
    baseline.regimes.clear();
  }
  return "still";
}

function regimeOf(state: EwmaState, frame: HealthFrame): string {
  if (state.one_regime) return "";
  for (const value of frame.values)
    if (isDriver(value.sensor_type)) state.drivers.set(value.sensor_id, regimePart(value));
  if (state.drivers.size === 0) return "";
  const key = [...state.drivers.values()].join("|");
  const { regimes } = state.baseline;
  if (regimes.has(key) || regimes.size < REGIMES_AT_MOST) return key;
  Object.assign(state, { ...initialState(), frames: state.frames, one_regime: true });
  return "";
}

/** The sensors that take part, the factor of their correlations and the variance of their smoothed deviations. */
function geometry(state: EwmaState, regime_key: string): NonNullable<EwmaState["cache"]> {
  const { baseline } = state;
  const members: number[] = [];
  for (let row = 0; row < state.sensors.length; row++) {
    const { last_frame, updates } = state.sensors[row]!;
    const silent = state.frames - last_frame;
    const heard = silent <= SILENT_FRAMES || silent <= (10 * state.frames) / Math.max(1, updates);
    if (heard && isLearned(baseline, row)) members.push(row);
  }
  const { cache } = state;
  if (cache?.complete && sameRows(cache.members, members)) return cache;
  const rho = autocorrelation(baseline);
  const samples = effectiveSamples(baseline);
  const remember = rho * (1 - LAMBDA);
  const variance = (LAMBDA / (2 - LAMBDA)) * ((1 + remember) / (1 - remember)) + 1 / Math.max(1, samples);
  const matrix = shrunkCorrelation(baseline.scatter, members, samples);
  if (!isMeasured(state)) addTolerance(state, regime_key, members, matrix, variance);
  for (const direction of state.directions)
    for (let i = 0; i < members.length; i++)
      for (let j = 0; j <= i; j++)
        matrix[triangle(i) + j]! +=
          (SHIFT_VARIANCE / variance) * (direction[members[i]!] ?? 0) * (direction[members[j]!] ?? 0);
  const factor = cholesky(matrix, members.length);
  state.cache = { members, factor, variance, complete: baseline.complete };
  return state.cache;
}

/** Correlations of what was learned → of that and what is tolerated, which smoothing does not lessen. */
function addTolerance(
  state: EwmaState,
  regime_key: string,
  members: number[],
  matrix: Float64Array,
  variance: number,
): void {
  const { baseline } = state;
  const regime = baseline.regimes.get(regime_key);
  const learned_share = members.map((row) => {
    const level = regime?.means[row] ?? 0;
    const learned = learnedDeviation(baseline, row, level);
    return learned / Math.hypot(learned, tolerated(state, row, level));
  });
  for (let i = 0; i < members.length; i++) {
    for (let j = 0; j <= i; j++) matrix[triangle(i) + j]! *= learned_share[i]! * learned_share[j]!;
    matrix[triangle(i) + i]! += (1 - learned_share[i]! ** 2) / variance;
  }
}

function sameRows(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
