import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ForesightError } from "../domain/errors.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import type { ReadingValidator, Validated } from "./validate-reading.ts";

/** One refused line or element of a batch; `line` counts from 1. */
export interface IngestError {
  line: number;
  reason: string;
}

export interface ParsedBatch {
  readings: Reading[];
  rejected: number;
  /** The first `max_errors`. */
  errors: IngestError[];
}

export interface BatchLimits {
  max_lines: number;
  max_errors: number;
}

/** Sockets are served by the same thread: it is given up after so many readings (about 5 ms). */
const READINGS_A_TURN = 1_000;

class Collector {
  readonly batch: ParsedBatch = { readings: [], rejected: 0, errors: [] };
  constructor(private readonly limits: BatchLimits) {}

  add(line: number, result: Validated): void {
    if ("reading" in result) this.batch.readings.push(result.reading);
    else this.reject(line, result.reason);
  }

  reject(line: number, reason: string): void {
    this.batch.rejected += 1;
    if (this.batch.errors.length < this.limits.max_errors) this.batch.errors.push({ line, reason });
  }

  tooMany(): ForesightError {
    return new ForesightError(
      "too_large",
      `The body holds more than ${this.limits.max_lines} readings; send it in several requests.`,
    );
  }
}

/**
 * One reading a line; blank lines are passed over but counted. A line that is no JSON or not UTF-8 is rejected
 * alone.
 * @throws ForesightError `too_large` past `max_lines`
 */
export async function parseNdjson(
  body: Buffer,
  validate: ReadingValidator,
  now: EpochMs,
  limits: BatchLimits,
): Promise<ParsedBatch> {
  const collector = new Collector(limits);
  const wholeIsText = isUtf8(body);
  const text = body.toString(wholeIsText ? "utf8" : "latin1");
  const bom = wholeIsText && text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 0;
  let seen = 0;
  for (let start = bom; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    line += 1;
    if (line % READINGS_A_TURN === 0) await nextTurn();
    const raw = text.slice(start, end);
    start = end + 1;
    if (raw.length < 2 && raw.trim() === "") continue;
    const decoded = wholeIsText ? raw : decodeLatin1(raw);
    if (decoded === undefined) collector.reject(line, "not UTF-8");
    else if (decoded.trim() === "") continue;
    else if (nestsBeyondReason(decoded)) collector.reject(line, TOO_DEEP);
    else {
      const parsed = parseJson(decoded);
      if (parsed === undefined) collector.reject(line, "not JSON");
      else collector.add(line, validate(parsed.value, now));
    }
    if (++seen > limits.max_lines) throw collector.tooMany();
  }
  return collector.batch;
}

/**
 * A JSON array of readings (or a single reading); elements count as lines from 1.
 * @throws ForesightError `invalid_request` where the body is not JSON, `too_large` past `max_lines`
 */
export async function parseJsonArray(
  body: Buffer,
  validate: ReadingValidator,
  now: EpochMs,
  limits: BatchLimits,
): Promise<ParsedBatch> {
  const collector = new Collector(limits);
  if (!isUtf8(body)) throw new ForesightError("invalid_request", "The body is not UTF-8.");
  const text = body.toString("utf8").replace(/^\uFEFF/, "");
  if (nestsBeyondReason(text)) throw new ForesightError("invalid_request", `The body is ${TOO_DEEP}.`);
  const parsed = parseJson(text);
  if (parsed === undefined)
    throw new ForesightError("invalid_request", "The body is not JSON; expected an array of readings.");
  const { value } = parsed;
  if (typeof value !== "object" || value === null)
    throw new ForesightError(
      "invalid_request",
      "The body is JSON but no array; expected an array of readings.",
    );
  const elements: unknown[] = Array.isArray(value) ? value : [value];
  if (elements.length > limits.max_lines) throw collector.tooMany();
  for (let index = 0; index < elements.length; index++) {
    collector.add(index + 1, validate(elements[index], now));
    if ((index + 1) % READINGS_A_TURN === 0) await nextTurn();
  }
  return collector.batch;
}

/** Parsing megabytes of brackets would hold the thread for seconds; the validator refuses what is less deep. */
const BEYOND_REASON = 20_000;
const TOO_DEEP = `nested deeper than ${BEYOND_REASON} levels`;

function nestsBeyondReason(text: string): boolean {
  if (text.length <= BEYOND_REASON) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > BEYOND_REASON) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function decodeLatin1(raw: string): string | undefined {
  const bytes = Buffer.from(raw, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
