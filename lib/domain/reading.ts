import { z } from "zod";
import { identifierSchema, wordSchema } from "./identity-schema.ts";
import { QUALITIES } from "./quality.ts";
import type { EpochMs, TimestampBounds } from "./time.ts";
import { timestampSchema } from "./timestamp-schema.ts";

export const qualitySchema = z.enum(QUALITIES);

/** A reading as programs send it. Unknown keys are dropped (a `tenant_id` in a body has no effect). */
export const readingSchema = z.object({
  asset_id: identifierSchema,
  sensor_id: identifierSchema,
  sensor_type: wordSchema(1, 64),
  value: z.number(),
  unit: wordSchema(0, 32),
  quality: qualitySchema.default("good"),
  timestamp: timestampSchema,
  asset_type: wordSchema(1, 64).optional(),
});

/**
 * One measured value. Its identity is (tenant, asset, sensor, timestamp): the first value wins.
 * `timestamp` is the reading's own time.
 */
export type Reading = z.infer<typeof readingSchema>;

/** @returns why the timestamp is refused, or `undefined` where it lies within the bounds. */
export function timestampRefusal(at: EpochMs, now: EpochMs, bounds: TimestampBounds): string | undefined {
  if (at < bounds.earliest)
    return `timestamp ${new Date(at).toISOString()} is before ${new Date(bounds.earliest).toISOString()}`;
  if (at > now + bounds.max_ahead_ms)
    return `timestamp is more than ${Math.round(bounds.max_ahead_ms / 60_000)} minutes ahead of the server's clock`;
  return undefined;
}
