import type { z } from "zod";
import { QUALITIES } from "../domain/quality.ts";
import { type Reading, readingSchema, timestampRefusal } from "../domain/reading.ts";
import { type EpochMs, parseTimestamp, type TimestampBounds } from "../domain/time.ts";

/** A reading, or the sentence that says why it is none. */
export type Validated = { reading: Reading } | { reason: string };

export type ReadingValidator = (candidate: unknown, now: EpochMs) => Validated;

const REQUIRED = 6;
const KNOWN = new Set<string>([...Object.keys(readingSchema.shape)]);
const QUALITY_SET = new Set<unknown>(QUALITIES);
/** Readings are flat. What is nested deeper than this in an unknown key is an attack or a mistake. */
const DEEPEST = 16;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const PLAIN_ID = /^[^\s\u0000-\u001f\u007f\ud800-\udfff]{1,128}$/;
/** Paired or not: the schema tells them apart. */
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Accepts most well-formed readings at a sixth of Zod's cost. It never accepts what the schema refuses and gives
 * the same value where it accepts (a property test holds it to that); `undefined` means "ask the schema".
 * `parseTime` may remember, since neighbouring readings mostly share their time.
 */
export function quickReading(
  candidate: unknown,
  parseTime: (text: string | number) => EpochMs | undefined = parseTimestamp,
): Reading | undefined {
  if (typeof candidate !== "object" || candidate === null || Array.isArray(candidate)) return undefined;
  const { asset_id, sensor_id, sensor_type, value, unit, quality, timestamp, asset_type } =
    candidate as Record<string, unknown>;
  if (
    typeof asset_id !== "string" ||
    typeof sensor_id !== "string" ||
    typeof sensor_type !== "string" ||
    typeof unit !== "string" ||
    typeof value !== "number" ||
    (typeof timestamp !== "string" && typeof timestamp !== "number")
  )
    return undefined;
  if (!PLAIN_ID.test(asset_id) || !PLAIN_ID.test(sensor_id) || !Number.isFinite(value)) return undefined;
  if (sensor_type.length < 1 || sensor_type.length > 64 || unit.length > 32) return undefined;
  if (SURROGATE.test(sensor_type) || SURROGATE.test(unit)) return undefined;
  let known = REQUIRED;
  if (quality !== undefined) {
    if (!QUALITY_SET.has(quality)) return undefined;
    known += 1;
  }
  if (asset_type !== undefined) {
    if (
      typeof asset_type !== "string" ||
      asset_type.length < 1 ||
      asset_type.length > 64 ||
      SURROGATE.test(asset_type)
    )
      return undefined;
    known += 1;
  }
  const keys = Object.keys(candidate);
  if (keys.length !== known && !keys.every((key) => KNOWN.has(key) || isPlain(candidate, key)))
    return undefined;
  const at = parseTime(timestamp);
  if (at === undefined) return undefined;
  const reading: Reading = {
    asset_id,
    sensor_id,
    sensor_type,
    value,
    unit,
    quality: (quality as Reading["quality"] | undefined) ?? "good",
    timestamp: at,
  };
  if (asset_type !== undefined) reading.asset_type = asset_type as string;
  return reading;
}

function isPlain(candidate: object, key: string): boolean {
  return key !== "__proto__" && typeof (candidate as Record<string, unknown>)[key] !== "object";
}

/** Why a value is refused whatever the schema says: `__proto__` keys and deep nesting. Iterative, so depth costs no stack. */
export function structuralRefusal(candidate: unknown): string | undefined {
  let level: unknown[] = [candidate];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `nested deeper than ${DEEPEST} levels`;
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      if (Object.hasOwn(value, "__proto__")) return "the key __proto__ is not allowed";
      for (const inner of Object.values(value))
        if (typeof inner === "object" && inner !== null) below.push(inner);
    }
    level = below;
  }
  return undefined;
}

/** @returns the first issue as one sentence, with the field it is about. */
export function issueSentence(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

/** A validator of readings within `bounds`. Not reentrant over threads; remembers the last timestamp's text. */
export function createReadingValidator(bounds: TimestampBounds | undefined): ReadingValidator {
  let lastText: string | number | undefined;
  let lastTime: EpochMs | undefined;
  const parseTime = (text: string | number): EpochMs | undefined => {
    if (text !== lastText) {
      lastTime = parseTimestamp(text);
      lastText = text;
    }
    return lastTime;
  };
  return (candidate, now) => {
    let reading = quickReading(candidate, parseTime);
    if (reading === undefined) {
      const structural = structuralRefusal(candidate);
      if (structural !== undefined) return { reason: structural };
      const parsed = readingSchema.safeParse(candidate);
      if (!parsed.success) return { reason: issueSentence(parsed.error) };
      reading = parsed.data;
    }
    const refusal = bounds && timestampRefusal(reading.timestamp, now, bounds);
    return refusal === undefined ? { reading } : { reason: refusal };
  };
}
