import type { EpochMs } from "../../domain/time.ts";
import type { ModelSensor } from "../life/life-parameters.ts";

/** One asset from its beginning to its failure. */
export interface TrainingRun {
  asset_id: string;
  asset_type: string;
  /** In order of time; values by sensor of the set, NaN where missing. */
  frames: { timestamp: EpochMs; values: Float64Array }[];
  failed_at: EpochMs;
}

export interface TrainingSet {
  sensors: ModelSensor[];
  runs: TrainingRun[];
}
