import { cholesky, shrunkCorrelation, solveCholesky } from "./correlation.ts";
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

/** Weight of the newest frame (Lowry et al. recommend 0.05 to 0.25). */
const LAMBDA = 0.1;
/** A single frame counts at most so many standard deviations: no spike alone tells of damage. */
const MOST_DEVIATIONS = 10;
/** Sensors beyond these are not part of the judgement. */
const SENSORS_AT_MOST = 64;
const REGIMES_AT_MOST = 12;
/** A sensor takes no part once it has been silent for so many frames and ten times as long as it usually is. */
const SILENT_FRAMES = 100;
/** Mean distance per sensor, in standard deviations of the smoothed baseline, at which half the health is gone. */
const HALF_AT = 5;
const STEEPNESS = 2;

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
  cache?: { members: number[]; factor: Float64Array; variance: number };
}

export function initialState(): EwmaState {
  return {
    frames: 0,
    one_regime: false,
    drivers: new Map(),
    index: new Map(),
    sensors: [],
    baseline: emptyBaseline(),
  };
}

/**
 * Multivariate exponentially weighted moving average T² (Lowry, Woodall, Champ & Rigdon, Technometrics 34, 1992) of
 * an asset against its own early life. Each sensor's deviation from its mean in the present regime, in standard
 * deviations, is smoothed; T² is the squared Mahalanobis length of the smoothed vector under the baseline's shrunk
 * correlations. Its variance allows for autocorrelated noise (Schmid 1997) and for a mean known from few samples.
 */
export function stepEwma(state: EwmaState, frame: HealthFrame): HealthJudgement {
  const { baseline } = state;
  state.frames++;
  const regime_key = regimeOf(state, frame);
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

  const regime = baseline.regimes.get(regime_key);
  for (const [at, row] of rows.entries()) {
    const sensor = state.sensors[row]!;
    sensor.last_frame = state.frames;
    sensor.updates++;
    const known = isLearned(baseline, row) ? regimeMean(regime, row) : undefined;
    if (known === undefined) continue;
    const deviation = deviationOf(baseline, row, known.mean) * Math.sqrt(1 + 1 / known.count);
    const z = (values[at]! - known.mean) / deviation;
    sensor.smoothed += LAMBDA * (Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, z)) - sensor.smoothed);
  }
  learn(baseline, regime_key, rows, values);

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
  if (cache !== undefined && baseline.complete && sameRows(cache.members, members)) return cache;
  const rho = autocorrelation(baseline);
  const samples = effectiveSamples(baseline);
  const remember = rho * (1 - LAMBDA);
  const variance = (LAMBDA / (2 - LAMBDA)) * ((1 + remember) / (1 - remember)) + 1 / Math.max(1, samples);
  const factor = cholesky(shrunkCorrelation(baseline.scatter, members, samples), members.length);
  state.cache = { members, factor, variance };
  return state.cache;
}

function sameRows(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
