import type { HealthScore } from "../../domain/health.ts";
import { tenantIdSchema } from "../../domain/identity.ts";
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
  const { key, value, timestamp } = record;
  if (value === null) return { reason: "the value is null" };
  if (value.length > MOST_VALUE_BYTES)
    return { reason: `the value has ${value.length} bytes, at most ${MOST_VALUE_BYTES} are read` };
  let body: unknown;
  try {
    body = JSON.parse(utf8.decode(value));
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
  if (key !== null && key.length > 0) {
    const named = key.toString("utf8");
    if (named !== keyOf(tenant_id, reading.asset_id)) {
      const foreign = named.slice(0, Math.max(0, named.indexOf(":"))) !== tenant_id;
      return {
        reason: `the key is not ${JSON.stringify(keyOf(tenant_id, reading.asset_id))}`,
        ...(foreign && { foreign: true }),
      };
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
