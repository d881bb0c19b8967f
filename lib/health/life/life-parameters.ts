import type { LifeUnit } from "../../domain/health.ts";
import type { Regimes } from "./operating-regimes.ts";

/** A sensor as a model knows it: `key` is its id without the asset's (`ENGINE-001-T50` is `T50`). */
export interface ModelSensor {
  key: string;
  sensor_type: string;
  /** Values are brought into this unit. */
  unit: string;
}

/** How raw values become deviations: what every later stage is made of. */
export interface Normalisation {
  /** All sensors, settings included; values of a frame are in this order. */
  sensors: ModelSensor[];
  regimes: Regimes;
  /** Indices of the sensors that tell the asset's condition. */
  condition: number[];
  /** By regime and condition sensor. */
  means: number[][];
  /** By condition sensor: standard deviation within a regime, pooled. */
  deviations: number[];
}

/** Where an asset's early life lies among those of the training assets. */
export interface Births {
  mean: number[];
  /** Inverse covariance of the means of the first time steps, whole square. */
  precision: number[];
  /** Squared distances beyond this are no beginning of a life. */
  limit: number;
}

/** Quadratic ridge regression on principal components and clocks. */
export interface Head {
  /** Of the sensor features. */
  center: number[];
  /** Row by row, `components` × features. */
  components: number[][];
  /** Mean and deviation of each regressor (components, distances, clocks). */
  means: number[];
  deviations: number[];
  /** Constant, linear terms, then products i ≤ j. */
  coefficients: number[];
  lambda: number;
}

/**
 * Conformal interval by predicted life: at `at[i]` the true life of 80 % of assets lies between prediction + low[i] and
 * prediction + high[i]; between them linear. In time steps.
 */
export interface Interval {
  /** How far the assets that it is of look as if seen from their beginning, 0 to 1. */
  born: number;
  at: number[];
  low: number[];
  high: number[];
}

export interface LifeParameters {
  unit: LifeUnit;
  /** Length of a time step in ms; `null` where each frame is a step (a cycle). */
  step_ms: number | null;
  /** Remaining life is told up to this many steps. */
  cap: number;
  /** Longest life seen in training, in steps. */
  longest: number;
  normalisation: Normalisation;
  /** Inverse covariance of the healthy noise of the condition sensors, whole square. */
  noise_precision: number[];
  /** Covariance of the deviations over whole lives, whole square: what a missing sensor is filled in from. */
  covariance: number[];
  /** By condition sensor: the farthest that the fast average went in training. */
  farthest: number[];
  births: Births;
  /** Judges assets seen from their beginning. */
  from_birth: Head;
  /** Judges assets of unknown age. */
  of_unknown_age: Head;
  /** Tells of an asset whether it was seen from its beginning: about 1 if so, about 0 if not. */
  beginning: Head;
  /** By `born`, rising: one for assets first seen in mid-life, one for those that may be either, one for the others. */
  intervals: Interval[];
}
