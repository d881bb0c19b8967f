import type { Quality } from "./quality.ts";
import type { EpochMs } from "./time.ts";

/** One stored reading of one sensor. */
export interface Sample {
  timestamp: EpochMs;
  value: number;
  quality: Quality;
}

/**
 * One point of a chart: a reading as it is (`count` 1), or a bucket of `count` readings between `timestamp` and
 * `until` with its extremes and mean (`value`). `quality` is the worst in the bucket.
 */
export interface HistoryPoint {
  timestamp: EpochMs;
  until: EpochMs;
  value: number;
  min: number;
  max: number;
  count: number;
  quality: Quality;
}

export interface HistoryQuery {
  asset_id: string;
  sensor_id: string;
  from?: EpochMs;
  to?: EpochMs;
  /** At most so many points, extremes kept; absent: every reading, `count` 1 each. */
  max_points?: number;
}

export interface TenantStats {
  tenant_id: string;
  readings: number;
  assets: number;
  sensors: number;
  open_alerts: number;
  from: EpochMs | null;
  to: EpochMs | null;
}
