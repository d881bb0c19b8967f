import { z } from "zod";
import type { EpochMs } from "./time.ts";

export const RISK_LEVELS = ["low", "medium", "high", "critical"] as const;
export const riskLevelSchema = z.enum(RISK_LEVELS);
export type RiskLevel = z.infer<typeof riskLevelSchema>;

/** Contribution of one sensor to the distance of the score from 100, in points of health (0–100). */
export interface Evidence {
  sensor_id: string;
  points: number;
}

/**
 * A judgement of one asset at one event time. `score` is 0–100 (100 as in the asset's own early life) or
 * `null` where it is withheld, with the `reason`. At most one per asset and second of event time.
 */
export interface HealthScore {
  tenant_id: string;
  asset_id: string;
  timestamp: EpochMs;
  received_at: EpochMs;
  score: number | null;
  risk_level: RiskLevel | null;
  reason?: string;
  evidence: Evidence[];
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
