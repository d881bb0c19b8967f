import type { HealthScore } from "./health.ts";
import type { Quality } from "./quality.ts";
import type { EpochMs } from "./time.ts";

/** A sensor of an asset with its newest reading (by the reading's own time). */
export interface Sensor {
  sensor_id: string;
  sensor_type: string;
  unit: string;
  latest: { timestamp: EpochMs; received_at: EpochMs; value: number; quality: Quality };
  /** Readings stored of this sensor, each identity counted once. */
  readings: number;
  first_at: EpochMs;
}

/** An asset as the store knows it. Sensors are in the order of their ids. */
export interface Asset {
  asset_id: string;
  asset_type: string;
  sensors: Sensor[];
  health?: HealthScore;
  open_alerts: { info: number; warning: number; critical: number };
  /** When the log took the newest reading: the base of age and staleness. */
  received_at: EpochMs;
}

/** `PUMP-001` → `pump`: the letters an asset's id begins with, `asset` where there are none. */
export function assetTypeOf(asset_id: string): string {
  return /^\p{L}+/u.exec(asset_id)?.[0].toLowerCase() ?? "asset";
}
