import { ForesightError } from "./errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes saved state: numbers little-endian, counts as varints, texts in UTF-8 with their length before them. */
export class StateWriter {
  private bytes = new Uint8Array(1_024);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  private room(needed: number): void {
    if (this.at + needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + needed));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** A whole number from 0 to 2⁵³ − 1. */
  count(n: number): void {
    this.room(8);
    let rest = n;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  float64(value: number): void {
    this.room(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  float32(value: number): void {
    this.room(4);
    this.view.setFloat32(this.at, value, true);
    this.at += 4;
  }

  text(text: string): void {
    this.room(text.length * 3 + 8);
    // Nearly all are short ASCII, which is faster by hand than by a call of the encoder.
    const start = this.at;
    if (text.length < 128) {
      this.bytes[this.at++] = text.length;
      let n = 0;
      for (; n < text.length; n++) {
        const unit = text.charCodeAt(n);
        if (unit > 127) break;
        this.bytes[this.at++] = unit;
      }
      if (n === text.length) return;
    }
    this.at = start;
    this.blob(encoder.encode(text));
  }

  blob(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** What has been written, as a copy; the writer is empty after it. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.at);
    this.at = 0;
    return taken;
  }
}

/** Reads what `StateWriter` wrote. @throws ForesightError `invalid_request` past the end */
export class StateReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(length: number): number {
    const from = this.at;
    if (from + length > this.bytes.length)
      throw new ForesightError("invalid_request", "The saved state ends too early.");
    this.at += length;
    return from;
  }

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.take(1)]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  float32(): number {
    return this.view.getFloat32(this.take(4), true);
  }

  blob(): Uint8Array {
    const length = this.count();
    const from = this.take(length);
    return this.bytes.subarray(from, from + length);
  }

  text(): string {
    const bytes = this.blob();
    if (bytes.length < 32) {
      let text = "";
      for (const byte of bytes) {
        if (byte > 127) return decoder.decode(bytes);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return decoder.decode(bytes);
  }
}
