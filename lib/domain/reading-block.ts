import { ForesightError } from "./errors.ts";
import { QUALITIES, type Quality } from "./quality.ts";
import type { Reading } from "./reading.ts";
import {
  BlockReader,
  fitsVarint,
  MAX_READING_BYTES,
  type Series,
  SeriesTable,
  writeVarint,
  zigzag,
} from "./reading-block-parts.ts";
import type { EpochMs } from "./time.ts";

/*
 * Layout, version 1 (integers are little-endian base-128 varints, signed ones zigzag first):
 *
 *   version byte · count · count × reading · received-at flag byte · [runs of received_at]
 *   reading = control byte · [series] · [definition] · [time] · [quality byte] · value
 *   control = value scale (3 bits) | time mode << 3 | series mode << 5 | quality changed << 7
 *
 * A series is defined where it is first used. Each keeps its last scaled value and quality, so a steady sensor
 * sampled with its neighbours costs the control byte and the change of its value.
 */
const VERSION = 1;
const RAW_VALUE = 7;
const SAME_TIME = 0;
const SAME_STEP = 1;
const TIME_DELTA = 2;
const RAW_TIME = 3;
const NEXT_SERIES = 0;
const SAME_SERIES = 1;
const OTHER_SERIES = 2;
const QUALITY_CHANGED = 128;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
/** Control byte and one byte of value: what no reading goes below. */
const MIN_READING_BYTES = 2;

let scratch = new Uint8Array(64 * 1024);
let scratchView = new DataView(scratch.buffer);
/** A block larger than this does not keep its scratch space. */
const KEEP_SCRATCH = 4 * 1024 * 1024;

function reserve(used: number, more: number): Uint8Array {
  if (used + more > scratch.length) {
    const larger = new Uint8Array(Math.max(scratch.length * 2, used + more));
    larger.set(scratch.subarray(0, used));
    scratch = larger;
    scratchView = new DataView(scratch.buffer);
  }
  return scratch;
}

/**
 * The smallest scale at which the value is a whole number that gives it back exactly: k ≤ 6 with
 * `n / 10^k === value`, 7 where there is none. `hint` is tried first.
 */
function scaleOf(value: number, hint: number): number {
  if (hint !== RAW_VALUE && isScaled(value, hint)) return hint;
  for (let k = 0; k < RAW_VALUE; k++) if (isScaled(value, k)) return k;
  return RAW_VALUE;
}

function isScaled(value: number, k: number): boolean {
  const power = POWERS[k]!;
  const n = Math.round(value * power);
  return n / power === value && fitsVarint(n) && (n !== 0 || !Object.is(value, -0));
}

/**
 * Packs readings, and optionally when each was received, into bytes: every number comes back bit for bit, text as
 * well-formed Unicode. Some 3–8 bytes a reading where sensors report together, used as the log's stored form and
 * as the body of binary frames.
 * @throws ForesightError `invalid_request` for a text longer than 1,024 or a `received_at` of another length
 */
export function encodeReadingBlock(
  readings: readonly Reading[],
  received_at?: readonly EpochMs[],
): Uint8Array {
  if (received_at !== undefined && received_at.length !== readings.length)
    throw new ForesightError("invalid_request", "A reading block needs one received_at for each reading.");
  const table = new SeriesTable();
  const list = table.list;
  let buffer = reserve(0, 16);
  let view = scratchView;
  buffer[0] = VERSION;
  let at = writeVarint(buffer, 1, readings.length);
  let previous: Series | undefined;
  let time = 0;
  let step = 0;

  for (let i = 0; i < readings.length; i++) {
    const reading = readings[i]!;
    if (at + MAX_READING_BYTES > buffer.length) {
      buffer = reserve(at, MAX_READING_BYTES);
      view = scratchView;
    }
    const expected: number = previous === undefined ? 0 : previous.index + 1;
    const known = list.length;
    const series = table.find(reading, list[expected === known ? 0 : expected]);
    const control_at = at++;
    let control: number;
    if (series.index === expected) control = NEXT_SERIES << 5;
    else if (series === previous) control = SAME_SERIES << 5;
    else {
      control = OTHER_SERIES << 5;
      at = writeVarint(buffer, at, series.index);
    }
    if (series.index === known) at = table.writeDefinition(series, buffer, at);
    previous = series;

    const delta = reading.timestamp - time;
    if (delta === 0) control |= SAME_TIME << 3;
    else if (delta === step && time + step === reading.timestamp) control |= SAME_STEP << 3;
    else if (fitsVarint(delta) && time + delta === reading.timestamp) {
      control |= TIME_DELTA << 3;
      at = writeVarint(buffer, at, zigzag(delta));
      step = delta;
    } else {
      control |= RAW_TIME << 3;
      view.setFloat64(at, reading.timestamp, true);
      at += 8;
    }
    time = reading.timestamp;

    if (reading.quality !== series.quality) {
      control |= QUALITY_CHANGED;
      buffer[at++] = QUALITIES.indexOf(reading.quality);
      series.quality = reading.quality;
    }

    const scale = scaleOf(reading.value, series.scale);
    control |= scale;
    if (scale === RAW_VALUE) {
      view.setFloat64(at, reading.value, true);
      at += 8;
    } else {
      const n = Math.round(reading.value * POWERS[scale]!);
      at = writeVarint(buffer, at, zigzag(scale === series.scale ? n - series.last : n));
      series.last = n;
    }
    series.scale = scale;
    buffer[control_at] = control;
  }

  buffer = reserve(at, 1);
  buffer[at++] = received_at === undefined ? 0 : 1;
  if (received_at !== undefined) at = writeReceivedAt(received_at, at);
  const block = scratch.slice(0, at);
  if (scratch.length > KEEP_SCRATCH) {
    scratch = new Uint8Array(64 * 1024);
    scratchView = new DataView(scratch.buffer);
  }
  return block;
}

/** Runs of equal times: length × 2 + (1 where the time follows in full), then the change or the time. */
function writeReceivedAt(received_at: readonly EpochMs[], start: number): number {
  let at = start;
  let time = 0;
  for (let i = 0; i < received_at.length; ) {
    const value = received_at[i]!;
    let end = i + 1;
    while (end < received_at.length && Object.is(received_at[end], value)) end++;
    const buffer = reserve(at, 20);
    const delta = value - time;
    const full = !(fitsVarint(delta) && Object.is(time + delta, value));
    at = writeVarint(buffer, at, (end - i) * 2 + (full ? 1 : 0));
    if (full) {
      scratchView.setFloat64(at, value, true);
      at += 8;
    } else at = writeVarint(buffer, at, zigzag(delta));
    time = value;
    i = end;
  }
  return at;
}

/**
 * The readings, and the `received_at` of each where the block has them.
 * @throws ForesightError `invalid_request` where the bytes are no whole block of version 1; never reads, loops or
 * allocates beyond what the bytes account for
 */
export function decodeReadingBlock(bytes: Uint8Array): { readings: Reading[]; received_at?: EpochMs[] } {
  const input = new BlockReader(bytes);
  if (bytes[0] !== VERSION) input.fail(`version ${bytes[0] ?? "missing"} instead of ${VERSION}`);
  input.at = 1;
  const count = input.varint();
  if (count * MIN_READING_BYTES > bytes.length - input.at) input.fail(`${count} readings announced`);
  const readings = new Array<Reading>(count);
  const list: Series[] = [];
  const texts: string[] = [];
  let index = -1;
  let time = 0;
  let step = 0;

  for (let i = 0; i < count; i++) {
    const control = bytes[input.at++]!;
    const series_mode = (control >> 5) & 3;
    if (series_mode === NEXT_SERIES) index++;
    else if (series_mode === OTHER_SERIES) index = input.varint();
    else if (series_mode !== SAME_SERIES || index < 0) input.fail("no such series");
    if (index >= list.length) {
      if (index > list.length) input.fail("no such series");
      list.push(input.definition(index, texts));
    }
    const series = list[index]!;

    const time_mode = (control >> 3) & 3;
    if (time_mode === SAME_STEP) time += step;
    else if (time_mode === TIME_DELTA) {
      step = input.signed();
      time += step;
    } else if (time_mode === RAW_TIME) time = input.float64();

    if (control & QUALITY_CHANGED)
      series.quality = QUALITIES[bytes[input.at++]!] ?? input.fail("no such quality");

    const scale = control & 7;
    let value: number;
    if (scale === RAW_VALUE) value = input.float64();
    else {
      const n: number = scale === series.scale ? series.last + input.signed() : input.signed();
      series.last = n;
      value = n / POWERS[scale]!;
    }
    series.scale = scale;
    readings[i] = makeReading(series, value, series.quality, time);
    if (input.at > bytes.length) input.fail("it ends within a reading");
  }

  const flag = bytes[input.at++];
  const received_at = flag === 1 ? readReceivedAt(input, count) : undefined;
  if (flag !== 0 && flag !== 1) input.fail("it ends too early");
  if (input.at !== bytes.length) input.fail("its end is not where it should be");
  return received_at === undefined ? { readings } : { readings, received_at };
}

function makeReading(series: Series, value: number, quality: Quality, timestamp: EpochMs): Reading {
  const { asset_id, sensor_id, sensor_type, unit, asset_type } = series;
  return asset_type === undefined
    ? { asset_id, sensor_id, sensor_type, value, unit, quality, timestamp }
    : { asset_id, sensor_id, sensor_type, value, unit, quality, timestamp, asset_type };
}

function readReceivedAt(input: BlockReader, count: number): EpochMs[] {
  const received_at: EpochMs[] = [];
  let time = 0;
  while (received_at.length < count) {
    const head = input.varint();
    const length = Math.floor(head / 2);
    if (length === 0 || received_at.length + length > count) input.fail("its times do not fit its readings");
    time = head % 2 === 1 ? input.float64() : time + input.signed();
    for (let i = 0; i < length; i++) received_at.push(time);
  }
  return received_at;
}
