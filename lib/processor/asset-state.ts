import type { AnomalyState } from "../domain/anomaly-scorer.ts";
import { assetTypeOf } from "../domain/asset.ts";
import { type OpenFrame, openFrame } from "../domain/frame-assembly.ts";
import type { Reading } from "../domain/reading.ts";
import type { Rule } from "../domain/rule.ts";
import type { RuleState } from "../domain/rule-judgement.ts";
import type { AppliedRule } from "../domain/rule-selection.ts";
import type { LastScore } from "../domain/stale-score.ts";
import type { EpochMs } from "../domain/time.ts";
import type { AssetLife, SavedLife } from "./asset-life.ts";

/** What is known of one sensor. Times are −1 where there is none yet. */
export interface SensorState {
  sensor_id: string;
  sensor_type: string;
  unit: string;
  /** Health takes every value in this unit, the first that the sensor had. */
  health_unit: string;
  /** The last judged reading: its own time, and its value in `unit` (NaN where the unit has changed since). */
  judged_at: EpochMs;
  judged_value: number;
  /** The last reading of any quality, in order of the log. */
  timestamp: EpochMs;
  received_at: EpochMs;
  offset: number;
  unconvertible: number;
  /** Only of rules whose condition holds. */
  rules: RuleState[];
  /** The rules in force, derived; absent until they are looked up. */
  applied?: AppliedRule[];
  /** How it has behaved so far; only where a rule asks for anomalies. */
  anomaly?: AnomalyState;
}

/** Who named an asset's type: derived from its id, a reading, or a person. The later outweighs the former. */
export const TYPE_SOURCE = { derived: 0, reading: 1, chosen: 2 } as const;

/** Everything that judging an asset's next reading needs. `H` is the state of the health model. */
export interface AssetState<H> {
  asset_id: string;
  asset_type: string;
  type_source: number;
  partition: number;
  /**
   * The state was loaded with this partition's records before that offset in it, though the saved position stands
   * before: they are not judged again. 0 where the state is as old as the position.
   */
  included: number;
  sensors: SensorState[];
  index: Map<string, number>;
  frame: OpenFrame;
  health: H;
  /** What was last told of it, if anything was. */
  last?: LastScore;
  /** When its newest reading of any quality was received, −1 before it; derived, never saved. */
  received_at: EpochMs;
  /** Of rules of the asset as a whole, those whose condition holds; and the rules in force, derived. */
  rules: RuleState[];
  applied?: Rule[];
  /** Remaining life, where a model judges assets of this type. */
  life?: AssetLife;
  /** As it was loaded, until the model that it is of is at hand. */
  saved_life?: SavedLife;
}

export function newAsset<H>(reading: Reading, partition: number, health: (type: string) => H): AssetState<H> {
  const asset_type = reading.asset_type ?? assetTypeOf(reading.asset_id);
  return {
    asset_id: reading.asset_id,
    asset_type,
    type_source: reading.asset_type === undefined ? TYPE_SOURCE.derived : TYPE_SOURCE.reading,
    partition,
    included: 0,
    sensors: [],
    index: new Map(),
    frame: openFrame(),
    health: health(asset_type),
    received_at: -1,
    rules: [],
  };
}

export function newSensor(reading: Reading): SensorState {
  return {
    sensor_id: reading.sensor_id,
    sensor_type: reading.sensor_type,
    unit: reading.unit,
    health_unit: reading.unit,
    judged_at: -1,
    judged_value: Number.NaN,
    timestamp: -1,
    received_at: -1,
    offset: -1,
    unconvertible: 0,
    rules: [],
  };
}

/** An asset's type has changed: the rules in force are looked up anew. */
export function setAssetType<H>(asset: AssetState<H>, asset_type: string, type_source: number): void {
  asset.type_source = type_source;
  if (asset.asset_type === asset_type) return;
  asset.asset_type = asset_type;
  asset.applied = undefined;
  for (const sensor of asset.sensors) sensor.applied = undefined;
}

/** Its places are of a log that went before the one that is read now, in which they would pass for places far ahead. */
export function leaveLog<H>(asset: AssetState<H>): void {
  for (const sensor of asset.sensors) sensor.offset = -1;
  asset.frame.offset = 0;
  if (asset.last !== undefined)
    asset.last = { ...asset.last, source_partition: asset.partition, source_offset: 0 };
}
