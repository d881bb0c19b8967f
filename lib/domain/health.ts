import type { EpochMs } from "./time.ts";

export const RISK_LEVELS = ["low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Remaining life is counted in cycles where each time step of an asset is one, else in hours. */
export const LIFE_UNITS = ["cycles", "hours"] as const;
export type LifeUnit = (typeof LIFE_UNITS)[number];

/** Contribution of one sensor to the distance of the score from 100, in points of health (0–100). */
export interface Evidence {
  sensor_id: string;
  points: number;
}

/** Contribution of one sensor to the remaining life, in its unit: less than 0 takes life away. */
export interface LifeEvidence {
  sensor_id: string;
  rul: number;
}

/**
 * A judgement of one asset at one event time. `score` is 0–100 (100 as in the asset's own early life) or
 * `null` where it is withheld, with the `reason`. At most one per asset and second of event time, apart from one that
 * says that its asset has grown silent.
 */
export interface HealthScore {
  tenant_id: string;
  asset_id: string;
  timestamp: EpochMs;
  received_at: EpochMs;
  score: number | null;
  risk_level: RiskLevel | null;
  /**
   * Why the score, or the remaining life of an asset that a model judges, is withheld; beside a life that is told, that
   * the asset's age is unknown or in doubt.
   */
  reason?: string;
  evidence: Evidence[];
  /** Remaining useful life in `rul_unit`; absent where no model judges the asset, `null` where it is withheld. */
  rul?: number | null;
  /** Interval that holds the true remaining life of four in five assets. */
  rul_low?: number | null;
  rul_high?: number | null;
  rul_unit?: LifeUnit;
  /** A longer life is told as this one: as far as the model sees, in `rul_unit`. */
  rul_most?: number;
  /**
   * Where the remaining life comes from, in `rul_unit`: `rul` = `rul_as_new`, what the model tells of the asset as new,
   * + `rul_by_age` + the sum of `rul_evidence`, most life taken first. Absent where the life is withheld.
   */
  rul_as_new?: number;
  rul_by_age?: number;
  rul_evidence?: LifeEvidence[];
  /** Name of the model that judged the remaining life. */
  model?: string;
  /** Nothing came for too long by the receiving clock; `last_score` is what was told before that. */
  stale?: true;
  last_score?: number | null;
  /** Offset in `sensor_readings` of the newest reading that the score includes, per partition `source_partition`. */
  source_partition: number;
  source_offset: number;
}

/** Cuts of the health score where remaining life is not known: below 25 critical, 50 high, 70 medium. */
export function riskLevelOf(score: number): RiskLevel {
  if (score < 25) return "critical";
  if (score < 50) return "high";
  if (score < 70) return "medium";
  return "low";
}

/**
 * Cuts of the remaining life: at most 20 cycles critical, 50 high, 100 medium.
 * @param steps remaining life in time steps of the model (one cycle each where life is counted in cycles)
 */
export function riskLevelOfLife(steps: number): RiskLevel {
  if (steps <= 20) return "critical";
  if (steps <= 50) return "high";
  if (steps <= 100) return "medium";
  return "low";
}
