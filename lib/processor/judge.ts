import type { AlertCommand } from "../domain/alert-lifecycle.ts";
import { type AnomalyScore, initialAnomaly, stepAnomaly } from "../domain/anomaly-scorer.ts";
import { addToFrame, type ClosedFrame, openFrame } from "../domain/frame-assembly.ts";
import { type HealthScore, riskLevelOf, riskLevelOfLife } from "../domain/health.ts";
import type { HealthModel } from "../domain/health-model.ts";
import type { Reading } from "../domain/reading.ts";
import type { Rule } from "../domain/rule.ts";
import { clearCommand, type JudgedReading, judgeReading, type RuleState } from "../domain/rule-judgement.ts";
import { rulesFor } from "../domain/rule-selection.ts";
import type { EpochMs } from "../domain/time.ts";
import { convert } from "../domain/units.ts";
import type { InstalledModel } from "../health/life/installed-model.ts";
import { type JudgedLife, judgeLife, newLife } from "./asset-life.ts";
import { type AssetState, newSensor, type SensorState, setAssetType, TYPE_SOURCE } from "./asset-state.ts";
import type { Effects } from "./effects.ts";
import { judgeByAssetRules } from "./judge-asset.ts";

/** Where in the log a reading stands. */
export interface ReadingPlace {
  tenant_id: string;
  partition: number;
  offset: number;
  received_at: EpochMs;
}

/** What a tenant's assets are judged by, apart from the health model that judges all of them. */
export interface Judges {
  rules: readonly Rule[];
  /** By type of asset. */
  models: Pick<ReadonlyMap<string, InstalledModel>, "get">;
}

/**
 * Judges one reading by rules and health, changing `asset`. Every reading is a sign of life; only one that is not bad
 * and newer (by its own time) than the sensor's last judged one is judged.
 */
export function judge<H>(
  asset: AssetState<H>,
  reading: Reading,
  place: ReadingPlace,
  { rules, models }: Judges,
  model: HealthModel<H>,
  effects: Effects,
): void {
  if (reading.asset_type !== undefined && asset.type_source === TYPE_SOURCE.derived)
    setAssetType(asset, reading.asset_type, TYPE_SOURCE.reading);
  let number = asset.index.get(reading.sensor_id);
  if (number === undefined) {
    number = asset.sensors.push(newSensor(reading)) - 1;
    asset.index.set(reading.sensor_id, number);
  }
  const sensor = asset.sensors[number]!;
  sensor.timestamp = reading.timestamp;
  sensor.received_at = place.received_at;
  asset.received_at = Math.max(asset.received_at, place.received_at);
  sensor.offset = place.offset;
  const applied = appliedRules(asset, sensor, rules, effects);
  if (sensor.rules.length > 0) endSilence(asset, sensor, effects);
  if (reading.quality === "bad" || reading.timestamp <= sensor.judged_at) return;

  if (sensor.unit !== reading.unit || sensor.sensor_type !== reading.sensor_type) {
    sensor.judged_value = convert(sensor.judged_value, sensor.unit, reading.unit) ?? Number.NaN;
    sensor.unit = reading.unit;
    sensor.sensor_type = reading.sensor_type;
    sensor.applied = undefined;
    judgeByRules(asset, sensor, reading, place, appliedRules(asset, sensor, rules, effects), effects);
  } else if (applied.length > 0) judgeByRules(asset, sensor, reading, place, applied, effects);
  sensor.judged_at = reading.timestamp;
  sensor.judged_value = reading.value;

  const value =
    reading.unit === sensor.health_unit
      ? reading.value
      : convert(reading.value, reading.unit, sensor.health_unit);
  if (value === undefined) return;
  const { timestamp } = reading;
  const { offset, received_at } = place;
  for (const frame of addToFrame(asset.frame, { sensor: number, value, timestamp, offset, received_at })) {
    const installed = models.get(asset.asset_type);
    const score = scoreFrame(asset, frame, place, model, installed);
    effects.health(score);
    judgeByAssetRules(asset, score, rules, installed?.unit_per_step, effects);
  }
}

/** Judges what an asset has gathered of a time step, as if a later reading had come. */
export function closeFrame<H>(
  asset: AssetState<H>,
  place: ReadingPlace,
  { models }: Judges,
  model: HealthModel<H>,
  effects: Effects,
): void {
  if (asset.frame.second < 0) return;
  const { timestamp, offset, received_at, values } = asset.frame;
  asset.frame = openFrame();
  const frame = { timestamp, offset, received_at, values };
  effects.health(scoreFrame(asset, frame, place, model, models.get(asset.asset_type)));
}

/** The rules in force for a sensor, looked up once; what they no longer name is cleared. */
function appliedRules<H>(
  asset: AssetState<H>,
  sensor: SensorState,
  rules: readonly Rule[],
  effects: Effects,
): NonNullable<SensorState["applied"]> {
  if (sensor.applied !== undefined) return sensor.applied;
  const { asset_id, asset_type } = asset;
  const { sensor_id, sensor_type, unit } = sensor;
  const applied = rulesFor({ asset_id, asset_type, sensor_id, sensor_type, unit }, rules);
  sensor.applied = applied;
  sensor.rules = sensor.rules.filter((state) => {
    if (applied.some(({ rule }) => rule.id === state.rule_id)) return true;
    if (state.active) effects.command(clearCommand(state.rule_id, { asset_id, ...sensor }, null));
    return false;
  });
  return applied;
}

/** A reading has come: what was raised for want of one clears. */
function endSilence<H>(asset: AssetState<H>, sensor: SensorState, effects: Effects): void {
  for (const { rule } of sensor.applied!) {
    if (rule.condition.kind !== "missing_data") continue;
    const state = sensor.rules.find(({ rule_id }) => rule_id === rule.id);
    if (state === undefined) continue;
    effects.command(clearCommand(rule.id, { asset_id: asset.asset_id, ...sensor }, null));
    sensor.rules = sensor.rules.filter((other) => other !== state);
  }
}

function judgeByRules<H>(
  asset: AssetState<H>,
  sensor: SensorState,
  reading: Reading,
  place: ReadingPlace,
  applied: NonNullable<SensorState["applied"]>,
  effects: Effects,
): void {
  const judged: JudgedReading = {
    asset_id: asset.asset_id,
    sensor_id: sensor.sensor_id,
    sensor_type: sensor.sensor_type,
    unit: reading.unit,
    value: reading.value,
    timestamp: reading.timestamp,
    received_at: place.received_at,
    offset: place.offset,
    ...(!Number.isNaN(sensor.judged_value) && {
      previous: { value: sensor.judged_value, timestamp: sensor.judged_at },
    }),
  };
  if (applied.some(({ rule }) => rule.condition.kind === "anomaly")) {
    judged.anomaly = anomalyOf(sensor, reading);
    effects.anomaly?.(reading, judged.anomaly.anomaly);
  } else sensor.anomaly = undefined;
  const emit = (command: AlertCommand) => effects.command(command);
  for (const one of applied) {
    const { rule } = one;
    if (rule.condition.kind === "missing_data") continue;
    if (one.toRule === undefined) {
      sensor.unconvertible++;
      effects.unconvertible(asset.asset_id, sensor, rule, sensor.unconvertible === 1);
      continue;
    }
    const before =
      sensor.rules.length === 0 ? undefined : sensor.rules.find(({ rule_id }) => rule_id === rule.id);
    const after = judgeReading(one, before, judged, emit);
    if (after !== before) replaceState(sensor, before, after);
  }
}

/** How out of the ordinary a reading is; in one unit, whatever the sensor's has become. */
function anomalyOf(sensor: SensorState, { timestamp, value, unit }: Reading): AnomalyScore {
  sensor.anomaly ??= initialAnomaly();
  const same = unit === sensor.health_unit ? value : convert(value, unit, sensor.health_unit);
  return stepAnomaly(sensor.anomaly, timestamp, same ?? Number.NaN);
}

export function replaceState(
  sensor: SensorState,
  before: RuleState | undefined,
  after: RuleState | undefined,
): void {
  sensor.rules = sensor.rules.filter((state) => state !== before);
  if (after !== undefined) sensor.rules.push(after);
}

function scoreFrame<H>(
  asset: AssetState<H>,
  frame: ClosedFrame,
  place: ReadingPlace,
  model: HealthModel<H>,
  installed: InstalledModel | undefined,
): HealthScore {
  const values = [];
  for (let number = 0; number < frame.values.length; number++) {
    const value = frame.values[number];
    if (value === undefined) continue;
    const { sensor_id, sensor_type, health_unit } = asset.sensors[number]!;
    values.push({ sensor_id, sensor_type, unit: health_unit, value });
  }
  const { timestamp, offset: source_offset } = frame;
  const { score, reason, evidence } = model.step(asset.health, { timestamp, values });
  const source_partition = place.partition;
  asset.last = { timestamp, score, source_partition, source_offset, stale: false };
  const life = installed && lifeAfter(asset, frame, installed);
  const why = reason ?? life?.reason;
  return {
    tenant_id: place.tenant_id,
    asset_id: asset.asset_id,
    timestamp,
    received_at: frame.received_at,
    score,
    risk_level:
      life?.steps !== undefined ? riskLevelOfLife(life.steps) : score === null ? null : riskLevelOf(score),
    ...(why !== undefined && { reason: why }),
    evidence,
    ...life?.fields,
    source_partition,
    source_offset,
  };
}

/** An asset whose state is of another model begins anew; where its history is at hand, it was rebuilt before. */
function lifeAfter<H>(asset: AssetState<H>, frame: ClosedFrame, installed: InstalledModel): JudgedLife {
  if (asset.life?.model_id !== installed.id) asset.life = newLife(installed);
  return judgeLife(asset.asset_id, asset.life, installed, asset.sensors, frame);
}
