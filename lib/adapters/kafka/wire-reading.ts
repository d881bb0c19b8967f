import type { HealthScore } from "../../domain/health.ts";
import { tenantIdSchema } from "../../domain/identity-schema.ts";
import type { Reading } from "../../domain/reading.ts";
import { type EpochMs, formatTimestamp } from "../../domain/time.ts";
import type { KafkaRecord } from "./record-batch.ts";

/** Larger values are no readings. */
export const MOST_VALUE_BYTES = 64 * 1024;

export const keyOf = (tenant_id: string, asset_id: string): string => `${tenant_id}:${asset_id}`;

/** −0 is a number of its own, which JSON can write and `JSON.stringify` does not. */
const number = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** The published form: one reading with its tenant, as JSON. */
export function encodeReading(tenant_id: string, reading: Reading): string {
  const { asset_id, sensor_id, sensor_type, value, unit, quality, timestamp, asset_type } = reading;
  return `{"tenant_id":${JSON.stringify(tenant_id)},"asset_id":${JSON.stringify(asset_id)},"sensor_id":${JSON.stringify(sensor_id)},"sensor_type":${JSON.stringify(sensor_type)},"value":${number(value)},"unit":${JSON.stringify(unit)},"quality":"${quality}","timestamp":"${formatTimestamp(timestamp)}"${asset_type === undefined ? "" : `,"asset_type":${JSON.stringify(asset_type)}`}}`;
}

/** A reading within the bounds of time, or the sentence that says why it is none. */
export type ValidateReading = (candidate: unknown, now: EpochMs) => { reading: Reading } | { reason: string };

export type Decoded<V> =
  | { tenant_id: string; value: V }
  /** `foreign`: the key names another tenant than the body. */
  | { reason: string; foreign?: true };

const PLAIN = String.raw`[^"\\\x00-\x1f\x7f-\xff]`;
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
/** What `encodeReading` writes, as long as nothing in it is escaped or beyond ASCII: whose value it is, and the value. */
const WHOSE = new RegExp(
  `^\\{"tenant_id":"(${PLAIN}*)","asset_id":"(${PLAIN}*)","sensor_id":"(${PLAIN}*)","sensor_type":"(${PLAIN}*)"$`,
);
const VALUE = new RegExp(
  `,"value":(${NUMBER}),"unit":"(${PLAIN}*)","quality":"(${PLAIN}*)","timestamp":"(${TIME})"\\}$`,
  "y",
);
const VALUE_BEGINS = ',"value":';

interface Whose {
  tenant_id: string;
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
}
/** Sensors come again and again: their names are cut out once, and each is one string however many readings have it. */
const known = new Map<string, Whose>();
const MOST_KNOWN = 50_000;

function whoseIs(beginning: string): Whose | undefined {
  const before = known.get(beginning);
  if (before !== undefined) return before;
  const found = WHOSE.exec(beginning);
  if (found === null) return undefined;
  const [, tenant_id, asset_id, sensor_id, sensor_type] = found as unknown as [string, ...string[]];
  const whose = { tenant_id, asset_id, sensor_id, sensor_type } as Whose;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(beginning, whose);
  return whose;
}

/**
 * The same as `JSON.parse` of what our own producers write, in half of its time; `undefined` for anything else.
 * @param bytes the value byte by byte, as latin1 has it
 */
export function quickBody(bytes: string): Record<string, unknown> | undefined {
  const at = bytes.indexOf(VALUE_BEGINS);
  if (at < 0) return undefined;
  const whose = whoseIs(bytes.slice(0, at));
  if (whose === undefined) return undefined;
  VALUE.lastIndex = at;
  const found = VALUE.exec(bytes);
  if (found === null) return undefined;
  const { tenant_id, asset_id, sensor_id, sensor_type } = whose;
  return {
    tenant_id,
    asset_id,
    sensor_id,
    sensor_type,
    value: Number(found[1]),
    unit: found[2],
    quality: found[3],
    timestamp: found[4],
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const tenants = new Map<string, boolean>();

function isTenant(id: string): boolean {
  let known = tenants.get(id);
  if (known === undefined) {
    known = tenantIdSchema.safeParse(id).success;
    if (tenants.size < 10_000) tenants.set(id, known);
  }
  return known;
}

/** Reads a record of any producer. */
export function decodeReading(record: KafkaRecord, validate: ValidateReading): Decoded<Reading> {
  const { size, timestamp } = record;
  if (size < 0) return { reason: "the value is null" };
  if (size > MOST_VALUE_BYTES)
    return { reason: `the value has ${size} bytes, at most ${MOST_VALUE_BYTES} are read` };
  let body: unknown = quickBody(record.valueBytes());
  try {
    body ??= JSON.parse(utf8.decode(record.value!));
  } catch (error) {
    return { reason: `the value is no JSON in UTF-8: ${(error as Error).message}` };
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return { reason: "the value is no JSON object" };
  const { tenant_id } = body as { tenant_id?: unknown };
  if (typeof tenant_id !== "string") return { reason: "tenant_id: expected text" };
  if (!isTenant(tenant_id)) return { reason: "tenant_id: expected a–z, 0–9 and -, at most 63" };
  const validated = validate(body, timestamp);
  if ("reason" in validated) return validated;
  const { reading } = validated;
  // Without a key it may be in any partition; with another one it is in the wrong one, or of someone else.
  const named = record.keyBytes();
  const due = keyOf(tenant_id, reading.asset_id);
  if (named !== "" && named !== due) {
    const said = record.key!.toString("utf8");
    if (said !== due) {
      const foreign = said.slice(0, Math.max(0, said.indexOf(":"))) !== tenant_id;
      return { reason: `the key is not ${JSON.stringify(due)}`, ...(foreign && { foreign: true }) };
    }
  }
  return { tenant_id, value: reading };
}

export const encodeHealth = (score: HealthScore): string => JSON.stringify(score);

/** Only our own processors write them. */
export function decodeHealth({ value }: KafkaRecord): Decoded<HealthScore> {
  try {
    const score = JSON.parse(value?.toString("utf8") ?? "null") as HealthScore;
    if (typeof score?.tenant_id === "string" && typeof score.asset_id === "string")
      return { tenant_id: score.tenant_id, value: score };
  } catch {
    // Said below.
  }
  return { reason: "no health score" };
}
