import { decodeAnomaly, encodeAnomaly } from "../domain/anomaly-codec.ts";
import { ForesightError } from "../domain/errors.ts";
import { openFrame } from "../domain/frame-assembly.ts";
import type { HealthModel } from "../domain/health-model.ts";
import type { RuleState } from "../domain/rule-judgement.ts";
import type { LastScore } from "../domain/stale-score.ts";
import { StateReader, StateWriter } from "../domain/state-bytes.ts";
import { saveLife } from "./asset-life.ts";
import type { AssetState, SensorState } from "./asset-state.ts";

/**
 * Version 1 had no rules of the asset as a whole and no anomalies, version 2 no remaining life, version 3 no last score.
 */
const VERSION = 4;
const FIRST_VERSION = 1;
const writer = new StateWriter();

/** An asset's state as it is saved: compact, exact, with its version and the health model's id before it. */
export function encodeAsset<H>(asset: AssetState<H>, model: HealthModel<H>): Uint8Array {
  const health = model.encode(asset.health);
  const anomalies = asset.sensors.map(({ anomaly }) => anomaly && encodeAnomaly(anomaly));
  const life = asset.life === undefined ? asset.saved_life : saveLife(asset.life);
  writer.count(VERSION);
  writer.text(asset.asset_type);
  writer.count(asset.type_source);
  writer.count(asset.partition);
  writer.count(asset.sensors.length);
  for (const sensor of asset.sensors) writeSensor(sensor);
  const { frame } = asset;
  // Times and offsets are −1 or more.
  writer.count(frame.second + 1);
  writer.count(frame.closed + 1);
  writer.float64(frame.timestamp);
  writer.count(frame.offset + 1);
  writer.count(frame.received_at);
  for (let at = 0; at < asset.sensors.length; at++) {
    const value = frame.values[at];
    writer.count((frame.expected[at] ? 1 : 0) + (frame.fresh[at] ? 2 : 0) + (value === undefined ? 0 : 4));
    if (value !== undefined) writer.float64(value);
  }
  writer.text(model.id);
  writer.blob(health);
  writeRules(asset.rules);
  for (const [at, blob] of anomalies.entries()) {
    if (blob === undefined) continue;
    writer.count(at + 1);
    writer.blob(blob);
  }
  writer.count(0);
  writer.text(life?.model_id ?? "");
  if (life !== undefined) writer.blob(life.bytes);
  writeLast(asset.last);
  return writer.take();
}

function writeLast(last: LastScore | undefined): void {
  writer.count(last === undefined ? 0 : last.stale ? 2 : 1);
  if (last === undefined) return;
  writer.float64(last.timestamp);
  writer.float64(last.score ?? Number.NaN);
  writer.count(last.source_partition);
  writer.count(last.source_offset);
}

function readLast(reader: StateReader): LastScore | undefined {
  const kind = reader.count();
  if (kind === 0) return undefined;
  const timestamp = reader.float64();
  const score = reader.float64();
  return {
    timestamp,
    score: Number.isNaN(score) ? null : score,
    source_partition: reader.count(),
    source_offset: reader.count(),
    stale: kind === 2,
  };
}

function writeRules(rules: readonly RuleState[]): void {
  writer.count(rules.length);
  for (const { rule_id, active, since } of rules) {
    writer.text(rule_id);
    writer.count(active ? 1 : 0);
    writer.float64(since);
  }
}

function readRules(reader: StateReader): RuleState[] {
  const rules: RuleState[] = [];
  for (let left = reader.count(); left > 0; left--)
    rules.push({ rule_id: reader.text(), active: reader.count() === 1, since: reader.float64() });
  return rules;
}

function writeSensor(sensor: SensorState): void {
  writer.text(sensor.sensor_id);
  writer.text(sensor.sensor_type);
  writer.text(sensor.unit);
  const own_unit = sensor.health_unit !== sensor.unit;
  writer.count(own_unit ? 1 : 0);
  if (own_unit) writer.text(sensor.health_unit);
  writer.float64(sensor.judged_at);
  writer.float64(sensor.judged_value);
  writer.float64(sensor.timestamp);
  writer.count(sensor.received_at + 1);
  writer.count(sensor.offset + 1);
  writer.count(sensor.unconvertible);
  writeRules(sensor.rules);
}

/**
 * Reads a saved state. Of another health model's state only the health begins anew.
 * @throws ForesightError `invalid_request` for another version or bytes cut short
 */
export function decodeAsset<H>(asset_id: string, bytes: Uint8Array, model: HealthModel<H>): AssetState<H> {
  const reader = new StateReader(bytes);
  const version = reader.count();
  if (version < FIRST_VERSION || version > VERSION)
    throw new ForesightError(
      "invalid_request",
      `The saved state of ${asset_id} is of version ${version}, not ${FIRST_VERSION} to ${VERSION}.`,
    );
  const asset_type = reader.text();
  const type_source = reader.count();
  const partition = reader.count();
  const sensors: SensorState[] = [];
  for (let left = reader.count(); left > 0; left--) sensors.push(readSensor(reader));
  const frame = openFrame();
  frame.second = reader.count() - 1;
  frame.closed = reader.count() - 1;
  frame.timestamp = reader.float64();
  frame.offset = reader.count() - 1;
  frame.received_at = reader.count();
  for (let at = 0; at < sensors.length; at++) {
    const flags = reader.count();
    if (flags & 1) frame.expected[at] = true;
    if (flags & 2) frame.fresh[at] = true;
    if ((flags & 3) === 1) frame.missing++;
    if (flags & 4) frame.values[at] = reader.float64();
  }
  const same = reader.text() === model.id;
  const health = reader.blob();
  const rules = version >= 2 ? readRules(reader) : [];
  if (version >= 2)
    for (let at = reader.count(); at > 0; at = reader.count())
      sensors[at - 1]!.anomaly = decodeAnomaly(reader.blob());
  const model_id = version >= 3 ? reader.text() : "";
  const saved_life = model_id === "" ? undefined : { model_id, bytes: reader.blob() };
  const last = version >= 4 ? readLast(reader) : undefined;
  return {
    asset_id,
    asset_type,
    type_source,
    partition,
    included: 0,
    sensors,
    index: new Map(sensors.map(({ sensor_id }, at) => [sensor_id, at])),
    frame,
    health: same ? model.decode(health) : model.initial(asset_type),
    ...(last && { last }),
    received_at: sensors.reduce((newest, { received_at }) => Math.max(newest, received_at), -1),
    rules,
    ...(saved_life && { saved_life }),
  };
}

function readSensor(reader: StateReader): SensorState {
  const sensor_id = reader.text();
  const sensor_type = reader.text();
  const unit = reader.text();
  const sensor: SensorState = {
    sensor_id,
    sensor_type,
    unit,
    health_unit: reader.count() === 1 ? reader.text() : unit,
    judged_at: reader.float64(),
    judged_value: reader.float64(),
    timestamp: reader.float64(),
    received_at: reader.count() - 1,
    offset: reader.count() - 1,
    unconvertible: reader.count(),
    rules: [],
  };
  sensor.rules = readRules(reader);
  return sensor;
}

/**
 * A saved state as it is right where the asset's readings come in another partition.
 * @throws ForesightError `invalid_request` as `decodeAsset`
 */
export function moveState<H>(
  asset_id: string,
  bytes: Uint8Array,
  partition: number,
  model: HealthModel<H>,
): Uint8Array {
  return encodeAsset({ ...decodeAsset(asset_id, bytes, model), partition }, model);
}
