import type { AlertCommand } from "../domain/alert-lifecycle.ts";
import type { HealthScore } from "../domain/health.ts";
import type { Reading } from "../domain/reading.ts";
import type { Rule } from "../domain/rule.ts";
import type { SensorState } from "./asset-state.ts";

/** Takes what follows from a reading. */
export interface Effects {
  command(command: AlertCommand): void;
  health(score: HealthScore): void;
  /** How out of the ordinary a reading is, 0 to 1; only of sensors that a rule asks it for. */
  anomaly?(reading: Reading, anomaly: number): void;
  /** A rule could not be judged for want of a conversion; `first` the first time for this sensor. */
  unconvertible(asset_id: string, sensor: SensorState, rule: Rule, first: boolean): void;
}
