import { ForesightError } from "./errors.ts";
import type { Quality } from "./quality.ts";
import type { Reading } from "./reading.ts";

/** The columns that all readings of one sensor share, and what the codec remembers of it within a block. */
export interface Series {
  index: number;
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
  asset_type: string | undefined;
  quality: Quality;
  /** Scale and scaled value of its last reading. */
  scale: number;
  last: number;
}

/** UTF-16 units; no identifier, type or unit of the domain comes near. */
const MAX_TEXT = 1_024;
const ONE_BYTE_LENGTH = 127;
/** Five texts in UTF-8 with their lengths, and the numbers of one reading. */
export const MAX_READING_BYTES = 5 * (MAX_TEXT * 3 + 5) + 40;

/** Whole and small enough that 8 bytes would hold it no shorter (and that sums and zigzag stay exact). */
export function fitsVarint(n: number): boolean {
  return Number.isInteger(n) && n > -0x1000000000000 && n < 0x1000000000000;
}

export function zigzag(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

/** @returns the position behind it; `n` may exceed 32 bits */
export function writeVarint(buffer: Uint8Array, start: number, n: number): number {
  let at = start;
  let rest = n;
  while (rest > 0x7fffffff) {
    buffer[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    buffer[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function writeText(buffer: Uint8Array, start: number, text: string): number {
  if (text.length > MAX_TEXT)
    throw new ForesightError("invalid_request", `A text of ${text.length} characters exceeds ${MAX_TEXT}.`);
  // Short ASCII, which nearly every text is, is faster by hand than by a call of the encoder.
  if (text.length <= ONE_BYTE_LENGTH) {
    let n = 0;
    for (; n < text.length; n++) {
      const unit = text.charCodeAt(n);
      if (unit > 127) break;
      buffer[start + 1 + n] = unit;
    }
    if (n === text.length) {
      buffer[start] = n;
      return start + 1 + n;
    }
  }
  // The length is written once it is known, in the two bytes left for it.
  const { written } = encoder.encodeInto(text, buffer.subarray(start + 2, start + 2 + text.length * 3));
  buffer[start] = (written & 127) | 128;
  buffer[start + 1] = written >> 7;
  return start + 2 + written;
}

function sharedPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  // Never between the halves of a surrogate pair, which UTF-8 cannot hold apart.
  const before = n > 0 ? a.charCodeAt(n - 1) : 0;
  return before >= 0xd800 && before < 0xdc00 ? n - 1 : n;
}

function isOf(series: Series, reading: Reading): boolean {
  return (
    series.sensor_id === reading.sensor_id &&
    series.asset_id === reading.asset_id &&
    series.sensor_type === reading.sensor_type &&
    series.unit === reading.unit &&
    series.asset_type === reading.asset_type
  );
}

/** The series of a block being written, numbered as they first appear. */
export class SeriesTable {
  readonly list: Series[] = [];
  private readonly bySensor = new Map<string, Map<string, Series[]>>();
  private readonly texts = new Map<string, number>();

  /** `guess` saves the look-up where readings come in the order of the round before. */
  find(reading: Reading, guess: Series | undefined): Series {
    if (guess !== undefined && isOf(guess, reading)) return guess;
    let sensors = this.bySensor.get(reading.asset_id);
    if (sensors === undefined) {
      sensors = new Map();
      this.bySensor.set(reading.asset_id, sensors);
    }
    let alike = sensors.get(reading.sensor_id);
    if (alike === undefined) {
      alike = [];
      sensors.set(reading.sensor_id, alike);
    }
    for (const series of alike) if (isOf(series, reading)) return series;
    const { asset_id, sensor_id, sensor_type, unit, asset_type } = reading;
    const series: Series = {
      index: this.list.length,
      asset_id,
      sensor_id,
      sensor_type,
      unit,
      asset_type,
      quality: "good",
      scale: 0,
      last: 0,
    };
    alike.push(series);
    this.list.push(series);
    return series;
  }

  /** Texts by reference (0 none, 1 a new one follows, n the (n − 2)th), the sensor's id as it goes on from its asset's. */
  writeDefinition(series: Series, buffer: Uint8Array, start: number): number {
    let at = this.writeReference(buffer, start, series.asset_id);
    const shared = sharedPrefix(series.asset_id, series.sensor_id);
    at = writeVarint(buffer, at, shared);
    at = writeText(buffer, at, series.sensor_id.slice(shared));
    at = this.writeReference(buffer, at, series.sensor_type);
    at = this.writeReference(buffer, at, series.unit);
    return this.writeReference(buffer, at, series.asset_type);
  }

  private writeReference(buffer: Uint8Array, at: number, text: string | undefined): number {
    if (text === undefined) return writeVarint(buffer, at, 0);
    const known = this.texts.get(text);
    if (known !== undefined) return writeVarint(buffer, at, known + 2);
    this.texts.set(text, this.texts.size);
    return writeText(buffer, writeVarint(buffer, at, 1), text);
  }
}

/** Reads what the functions above wrote, from bytes that may be anything. */
export class BlockReader {
  at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(what: string): never {
    throw new ForesightError("invalid_request", `This is no reading block: ${what}.`);
  }

  varint(): number {
    // Beyond the end a byte is undefined and ends the number; the reader's position then tells.
    let byte = this.bytes[this.at++]!;
    let n = byte & 127;
    let factor = 128;
    while (byte > 127) {
      if (factor > 0x2000000000000) this.fail("a number is too long");
      byte = this.bytes[this.at++]!;
      n += (byte & 127) * factor;
      factor *= 128;
    }
    if (this.at > this.bytes.length) this.fail("it ends within a number");
    return n;
  }

  signed(): number {
    const n = this.varint();
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
  }

  float64(): number {
    if (this.at + 8 > this.bytes.length) this.fail("it ends within a number");
    const n = this.view.getFloat64(this.at, true);
    this.at += 8;
    return n;
  }

  private text(): string {
    const length = this.varint();
    if (length > MAX_TEXT * 3 || this.at + length > this.bytes.length) this.fail("a text is too long");
    try {
      const text = decoder.decode(this.bytes.subarray(this.at, this.at + length));
      this.at += length;
      return text;
    } catch {
      return this.fail("a text is not UTF-8");
    }
  }

  private reference(texts: string[]): string | undefined {
    const n = this.varint();
    if (n === 0) return undefined;
    if (n > 1) return texts[n - 2] ?? this.fail("no such text");
    const text = this.text();
    texts.push(text);
    return text;
  }

  definition(index: number, texts: string[]): Series {
    const asset_id = this.reference(texts) ?? this.fail("an asset has no id");
    const shared = this.varint();
    if (shared > asset_id.length) this.fail("a sensor's id is longer than it can be");
    const sensor_id = asset_id.slice(0, shared) + this.text();
    const sensor_type = this.reference(texts) ?? this.fail("a sensor has no type");
    const unit = this.reference(texts) ?? this.fail("a sensor has no unit");
    const asset_type = this.reference(texts);
    return { index, asset_id, sensor_id, sensor_type, unit, asset_type, quality: "good", scale: 0, last: 0 };
  }
}
