import { ForesightError } from "./errors.ts";
import { QUALITIES, type Quality } from "./quality.ts";
import { BlockReader, fitsVarint, writeVarint, zigzag } from "./reading-block-parts.ts";
import type { EpochMs } from "./time.ts";

/**
 * Readings of one sensor as columns of equal length, ascending in time and without a time twice. A `tag` holds what
 * changes rarely: quality, and which of the sensor's kinds (type and unit) the reading was of.
 */
export interface Samples {
  times: EpochMs[];
  values: number[];
  tags: number[];
}

export const emptySamples = (): Samples => ({ times: [], values: [], tags: [] });

/** @param kind index into the sensor's list of kinds (type and unit), 0 for nearly all there are */
export function tagOf(quality: Quality, kind = 0): number {
  return kind * QUALITIES.length + QUALITIES.indexOf(quality);
}

/** 0 good, 1 uncertain, 2 bad: the larger, the worse. */
export function qualityIndexOfTag(tag: number): number {
  return tag % QUALITIES.length;
}

export function qualityOfTag(tag: number): Quality {
  return QUALITIES[qualityIndexOfTag(tag)]!;
}

export function kindOfTag(tag: number): number {
  return Math.floor(tag / QUALITIES.length);
}

/*
 * Layout, version 1 (integers are little-endian base-128 varints, signed ones zigzag first):
 *
 *   version · count · time mode · times · value mode · values · runs of tags (tag · length)
 *   time mode 0: first time as float64, then the changes of the distance; a zero is followed by how many more follow
 *   time mode 1: float64 each
 *   value mode k ≤ 6: n₀, then the changes of n, where value = n / 10^k; value mode 7: float64 each
 */
const VERSION = 1;
const RAW_TIMES = 1;
const RAW_VALUES = 7;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
/** What one sample takes at most: a raw time, a raw value and a run of its own. */
const MAX_SAMPLE_BYTES = 9 + 9 + 10;
const MAX_FIXED_BYTES = 32;

/** Room that `writeSamples` needs at most for so many. */
export function maxSamplesBytes(count: number): number {
  return MAX_FIXED_BYTES + count * MAX_SAMPLE_BYTES;
}

/** The smallest k with `n / 10^k` giving back every value bit for bit, n whole; 7 where there is none. */
function scaleOf(values: readonly number[], from: number, to: number): number {
  let k = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    for (;;) {
      const n = Math.round(value * POWERS[k]!);
      if (n / POWERS[k]! === value && fitsVarint(n) && (n !== 0 || !Object.is(value, -0))) break;
      if (++k === RAW_VALUES) return RAW_VALUES;
      // Seldom: what was whole at a smaller scale may be too large for an exact product at this one.
      i = from - 1;
      break;
    }
  }
  return k;
}

function regular(times: readonly EpochMs[], from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (!fitsVarint(times[i]! - times[i - 1]!)) return false;
  return to > from && fitsVarint(times[from]!);
}

/**
 * Writes samples `from` … `to - 1` at `start`; the buffer must have `maxSamplesBytes` left.
 * @returns the position behind them
 */
export function writeSamples(
  buffer: Uint8Array,
  view: DataView,
  start: number,
  { times, values, tags }: Samples,
  from = 0,
  to = times.length,
): number {
  let at = start;
  buffer[at++] = VERSION;
  at = writeVarint(buffer, at, to - from);

  if (regular(times, from, to)) {
    buffer[at++] = 0;
    view.setFloat64(at, times[from]!, true);
    at += 8;
    let step = 0;
    for (let i = from + 1; i < to; i++) {
      const next = times[i]! - times[i - 1]!;
      const change = next - step;
      step = next;
      at = writeVarint(buffer, at, zigzag(change));
      if (change !== 0) continue;
      const run = i;
      while (i + 1 < to && times[i + 1]! - times[i]! === step) i++;
      at = writeVarint(buffer, at, i - run);
    }
  } else {
    buffer[at++] = RAW_TIMES;
    for (let i = from; i < to; i++, at += 8) view.setFloat64(at, times[i]!, true);
  }

  const scale = scaleOf(values, from, to);
  buffer[at++] = scale;
  if (scale === RAW_VALUES) {
    for (let i = from; i < to; i++, at += 8) view.setFloat64(at, values[i]!, true);
  } else {
    const power = POWERS[scale]!;
    let last = 0;
    for (let i = from; i < to; i++) {
      const n = Math.round(values[i]! * power);
      at = writeVarint(buffer, at, zigzag(n - last));
      last = n;
    }
  }

  for (let i = from; i < to; ) {
    const tag = tags[i]!;
    let end = i + 1;
    while (end < to && tags[end] === tag) end++;
    at = writeVarint(buffer, at, tag);
    at = writeVarint(buffer, at, end - i);
    i = end;
  }
  return at;
}

/** The stored form of samples `from` … `to - 1`: some 2–4 bytes each for a steady sensor. */
export function encodeSamples(samples: Samples, from = 0, to = samples.times.length): Uint8Array {
  const buffer = new Uint8Array(maxSamplesBytes(to - from));
  return buffer.slice(0, writeSamples(buffer, new DataView(buffer.buffer), 0, samples, from, to));
}

/**
 * Every number comes back bit for bit.
 * @throws ForesightError `invalid_request` where the bytes are no whole chunk of version 1
 */
export function decodeSamples(bytes: Uint8Array): Samples {
  const input = new BlockReader(bytes);
  if (bytes[0] !== VERSION)
    throw new ForesightError("invalid_request", `A chunk of version ${bytes[0]} instead of ${VERSION}.`);
  input.at = 1;
  const count = input.varint();
  // Runs make a sample cheaper than a byte of time and tag, but its value takes one at least.
  if (count > bytes.length) input.fail(`${count} samples announced`);
  const times = new Array<number>(count);
  const values = new Array<number>(count);
  const tags = new Array<number>(count);

  if (bytes[input.at++] === RAW_TIMES) for (let i = 0; i < count; i++) times[i] = input.float64();
  else {
    let time = count > 0 ? input.float64() : 0;
    if (count > 0) times[0] = time;
    let step = 0;
    for (let i = 1; i < count; i++) {
      const change = input.signed();
      step += change;
      time += step;
      times[i] = time;
      if (change !== 0) continue;
      const more = input.varint();
      if (more > count - i - 1) input.fail("its times are more than its readings");
      for (let end = i + more; i < end; ) {
        time += step;
        times[++i] = time;
      }
    }
  }

  const scale = bytes[input.at++]!;
  if (scale === RAW_VALUES) for (let i = 0; i < count; i++) values[i] = input.float64();
  else {
    const power = POWERS[scale] ?? input.fail("no such scale");
    let n = 0;
    for (let i = 0; i < count; i++) {
      n += input.signed();
      values[i] = n / power;
    }
  }

  for (let i = 0; i < count; ) {
    const tag = input.varint();
    const length = input.varint();
    if (length === 0 || length > count - i) input.fail("its tags do not fit its readings");
    for (const end = i + length; i < end; i++) tags[i] = tag;
  }
  if (input.at !== bytes.length) input.fail("its end is not where it should be");
  return { times, values, tags };
}
