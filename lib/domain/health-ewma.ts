import { cholesky, shrunkCorrelation, solveCholesky, triangle } from "./correlation.ts";
import {
  addSensor,
  autocorrelation,
  type Baseline,
  deviationOf,
  effectiveSamples,
  emptyBaseline,
  FIRST_SCORE_AFTER,
  isLearned,
  learn,
  regimeMean,
} from "./health-baseline.ts";
import { pointsOf } from "./health-evidence.ts";
import type { HealthFrame, HealthJudgement } from "./health-model.ts";
import { isDriver, regimePart, tellsCondition } from "./operating-regime.ts";
import { noShift, type ShiftState, stepShift } from "./regime-shift.ts";

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
const STEEPNESS = 2;

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
  sensors: { smoothed: number; updates: number; last_frame: number }[];
  baseline: Baseline;
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
  const regime_key = state.segment === 0 ? regimeOf(state, frame) : `#${state.segment}`;
  const { baseline } = state;
  const rows: number[] = [];
  const values: number[] = [];
  for (const { sensor_id, sensor_type, value } of frame.values) {
    if (!tellsCondition(sensor_type) || (!state.one_regime && isDriver(sensor_type))) continue;
    let row = state.index.get(sensor_id);
    if (row === undefined) {
      if (state.sensors.length >= SENSORS_AT_MOST) continue;
      row = state.sensors.push({ smoothed: 0, updates: 0, last_frame: state.frames }) - 1;
      state.index.set(sensor_id, row);
      addSensor(baseline);
    }
    rows.push(row);
    values.push(value);
  }

  const deviations = deviationsOf(state, regime_key, rows, values);
  const shift = follow(state, deviations);
  if (shift === "still") {
    for (let row = 0; row < deviations.length; row++) {
      const z = deviations[row];
      if (z === undefined) continue;
      const sensor = state.sensors[row]!;
      const step = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, z - sensor.smoothed));
      sensor.smoothed += LAMBDA * step;
    }
    learn(baseline, regime_key, rows, values);
  }

  const { members, factor, variance } = geometry(state);
  if (members.length === 0)
    return {
      score: null,
      reason: `insufficient data: ${baseline.frames} of ${FIRST_SCORE_AFTER} time steps`,
      evidence: [],
    };
  const smoothed = Float64Array.from(members, (row) => state.sensors[row]!.smoothed);
  const weighted = solveCholesky(factor, smoothed);
  const parts = smoothed.map((value, at) => (value * weighted[at]!) / variance);
  const t2 = parts.reduce((sum, part) => sum + part, 0);
  const score = scoreOf(t2, members.length);
  state.score = score;
  const ids = [...state.index.keys()];
  return { score, evidence: pointsOf(score, parts, (at) => ids[members[at]!]!) };
}

/**
 * T² → 0–100, falling. T² of n independent sensors is n in health; what exceeds that, per sensor, is the squared
 * distance that the score looks at.
 */
export function scoreOf(t2: number, sensors: number): number {
  const distance = Math.sqrt(Math.max(0, t2 - sensors) / sensors);
  return Math.round(1_000 / (1 + (distance / HALF_AT) ** STEEPNESS)) / 10;
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
    const deviation = deviationOf(baseline, row, known.mean) * Math.sqrt(1 + 1 / known.count);
    deviations[row] = (values[at]! - known.mean) / deviation;
  }
  return deviations;
}

/** While the asset moves from one regime to another nothing is judged nor learned; where it has moved to, it may be. */
function follow(state: EwmaState, deviations: (number | undefined)[]): "still" | "moving" {
  const { baseline, shift } = state;
  const { members, factor } = geometry(state);
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
function geometry(state: EwmaState): NonNullable<EwmaState["cache"]> {
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
  for (const direction of state.directions)
    for (let i = 0; i < members.length; i++)
      for (let j = 0; j <= i; j++)
        matrix[triangle(i) + j]! +=
          (SHIFT_VARIANCE / variance) * (direction[members[i]!] ?? 0) * (direction[members[j]!] ?? 0);
  const factor = cholesky(matrix, members.length);
  state.cache = { members, factor, variance, complete: baseline.complete };
  return state.cache;
}

function sameRows(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
