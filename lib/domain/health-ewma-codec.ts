import { triangle } from "./correlation.ts";
import { ForesightError } from "./errors.ts";
import { emptyBaseline, type RegimeMeans } from "./health-baseline.ts";
import { type EwmaState, initialState } from "./health-ewma.ts";
import { type Excursion, newExcursion } from "./health-excursion.ts";
import { noShift, type ShiftState } from "./regime-shift.ts";
import { StateReader, StateWriter } from "./state-bytes.ts";

const VERSION = 2;
const writer = new StateWriter();

/** Exact: what is decoded goes on as if it had never been encoded. */
export function encodeEwma(state: EwmaState): Uint8Array {
  const { baseline } = state;
  writer.count(VERSION);
  writer.count(state.frames);
  writer.count(state.one_regime ? 1 : 0);
  writer.count(state.drivers.size);
  for (const [sensor_id, part] of state.drivers) {
    writer.text(sensor_id);
    writer.float64(part);
  }
  const ids = [...state.index.keys()];
  writer.count(ids.length);
  for (const [row, sensor_id] of ids.entries()) {
    const { smoothed, updates, last_frame, level } = state.sensors[row]!;
    writer.text(sensor_id);
    writer.float64(level.scale);
    writer.float64(level.offset);
    writer.float64(level.least);
    writer.float64(smoothed);
    writer.count(updates);
    writer.count(last_frame);
    writer.count(baseline.seen[row]!);
    writer.count(baseline.freedom[row]!);
    writer.float64(baseline.lagged[row]!);
    writer.float64(baseline.last[row]!);
  }
  writer.count(baseline.frames);
  writer.count(baseline.complete ? 1 : 0);
  for (const value of baseline.scatter) writer.float32(value);
  writer.count(baseline.regimes.size);
  for (const [key, { counts, means }] of baseline.regimes) {
    writer.text(key);
    for (let row = 0; row < ids.length; row++) {
      writer.count(counts[row] ?? 0);
      if ((counts[row] ?? 0) > 0) writer.float64(means[row]!);
    }
  }
  writer.count(state.segment);
  writer.float64(state.score ?? -1);
  writer.count(state.directions.length);
  for (const direction of state.directions) writeRow(direction, ids.length, "float32");
  writeShift(state.shift, ids.length);
  writer.float64(state.first_at);
  writer.float64(state.experience);
  writer.float64(state.last_at);
  writer.float64(state.interval);
  writer.count(state.running_for);
  writeRow(state.known, ids.length, "float64");
  writeExcursion(state.excursion);
  return writer.take();
}

/** A row of numbers with holes. */
function writeRow(row: readonly (number | undefined)[], size: number, as: "float32" | "float64"): void {
  for (let at = 0; at < size; at++) writer[as](row[at] ?? Number.NaN);
}

function readRow(reader: StateReader, size: number, as: "float32" | "float64"): number[] {
  const row: number[] = [];
  for (let at = 0; at < size; at++) {
    const value = reader[as]();
    if (!Number.isNaN(value)) row[at] = value;
  }
  return row;
}

function writeShift(shift: ShiftState, size: number): void {
  writeRow(shift.fast, size, "float32");
  writer.count(shift.snapshots.length);
  for (const { fast, healthy } of shift.snapshots) {
    writer.count(healthy ? 1 : 0);
    writeRow(fast, size, "float32");
  }
  writer.count(shift.since_snapshot);
  writer.count(shift.moving_for);
  writer.count(shift.settled_for);
  writer.count(shift.rest);
  writer.count(shift.before === undefined ? 0 : 1);
  if (shift.before === undefined) return;
  writeRow(shift.before, size, "float64");
  writeRow(shift.sums, size, "float64");
}

function readShift(reader: StateReader, size: number): ShiftState {
  const shift = noShift();
  shift.fast = readRow(reader, size, "float32");
  for (let left = reader.count(); left > 0; left--) {
    const healthy = reader.count() === 1;
    shift.snapshots.push({ healthy, fast: readRow(reader, size, "float32") });
  }
  shift.since_snapshot = reader.count();
  shift.moving_for = reader.count();
  shift.settled_for = reader.count();
  shift.rest = reader.count();
  if (reader.count() === 1) {
    shift.before = readRow(reader, size, "float64");
    shift.sums = readRow(reader, size, "float64");
  }
  return shift;
}

function writeExcursion(excursion: Excursion | undefined): void {
  writer.count(excursion?.sums.length ?? 0);
  if (excursion === undefined) return;
  writer.count(excursion.frames);
  writer.float64(excursion.lowest);
  for (const sum of excursion.sums) writer.float64(sum);
  for (const product of excursion.products) writer.float32(product);
}

function readExcursion(reader: StateReader): Excursion | undefined {
  const size = reader.count();
  if (size === 0) return undefined;
  const excursion = newExcursion(size);
  excursion.frames = reader.count();
  excursion.lowest = reader.float64();
  for (let at = 0; at < size; at++) excursion.sums[at] = reader.float64();
  for (let at = 0; at < excursion.products.length; at++) excursion.products[at] = reader.float32();
  return excursion;
}

/** @throws ForesightError `invalid_request` for bytes of another version or cut short */
export function decodeEwma(bytes: Uint8Array): EwmaState {
  const reader = new StateReader(bytes);
  if (reader.count() !== VERSION)
    throw new ForesightError("invalid_request", "The saved health state is of another version.");
  const state = initialState();
  const baseline = emptyBaseline();
  state.baseline = baseline;
  state.frames = reader.count();
  state.one_regime = reader.count() === 1;
  for (let left = reader.count(); left > 0; left--) {
    const sensor_id = reader.text();
    state.drivers.set(sensor_id, reader.float64());
  }
  const size = reader.count();
  for (let row = 0; row < size; row++) {
    state.index.set(reader.text(), row);
    const level = { scale: reader.float64(), offset: reader.float64(), least: reader.float64() };
    state.sensors.push({
      smoothed: reader.float64(),
      updates: reader.count(),
      last_frame: reader.count(),
      level,
    });
    baseline.seen.push(reader.count());
    baseline.freedom.push(reader.count());
    baseline.lagged.push(reader.float64());
    baseline.last.push(reader.float64());
  }
  baseline.frames = reader.count();
  baseline.complete = reader.count() === 1;
  baseline.scatter = new Float32Array(triangle(size));
  for (let at = 0; at < baseline.scatter.length; at++) baseline.scatter[at] = reader.float32();
  for (let left = reader.count(); left > 0; left--) {
    const key = reader.text();
    const regime: RegimeMeans = { counts: [], means: [] };
    for (let row = 0; row < size; row++) {
      const count = reader.count();
      if (count === 0) continue;
      regime.counts[row] = count;
      regime.means[row] = reader.float64();
    }
    baseline.regimes.set(key, regime);
  }
  state.segment = reader.count();
  const score = reader.float64();
  state.score = score < 0 ? null : score;
  for (let left = reader.count(); left > 0; left--) state.directions.push(readRow(reader, size, "float32"));
  state.shift = readShift(reader, size);
  state.first_at = reader.float64();
  state.experience = reader.float64();
  state.last_at = reader.float64();
  state.interval = reader.float64();
  state.running_for = reader.count();
  state.known = readRow(reader, size, "float64");
  state.excursion = readExcursion(reader);
  return state;
}
