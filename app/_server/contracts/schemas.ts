import { z } from "zod";
import { ALERT_EVENT_KINDS } from "../../../lib/domain/alert.ts";
import { alertStateSchema, severitySchema } from "../../../lib/domain/alert-schema.ts";
import { lifeUnitSchema, riskLevelSchema } from "../../../lib/domain/health-schema.ts";
import { roleSchema } from "../../../lib/domain/identity-schema.ts";
import { qualitySchema } from "../../../lib/domain/reading.ts";
import type { WireAlert, WireAsset, WireHealth } from "../../../lib/protocol/messages.ts";
import { named } from "../registry.ts";

/** The shapes that answers are made of. Times are RFC 3339 UTC. */
export const instant = z.iso.datetime();

export const healthSchema = named(
  "Health",
  z.object({
    asset_id: z.string(),
    timestamp: instant,
    received_at: instant,
    score: z.number().min(0).max(100).nullable(),
    risk_level: riskLevelSchema.nullable(),
    reason: z.string().optional(),
    evidence: z.array(z.object({ sensor_id: z.string(), points: z.number() })),
    rul: z.number().nonnegative().nullable().optional(),
    rul_low: z.number().nonnegative().nullable().optional(),
    rul_high: z.number().nonnegative().nullable().optional(),
    rul_unit: lifeUnitSchema.optional(),
    rul_most: z.number().positive().optional(),
    rul_as_new: z.number().nonnegative().optional(),
    rul_by_age: z.number().optional(),
    rul_evidence: z.array(z.object({ sensor_id: z.string(), rul: z.number() })).optional(),
    model: z.string().optional(),
    stale: z.literal(true).optional(),
    last_score: z.number().nullable().optional(),
  }) satisfies z.ZodType<WireHealth>,
);

export const sensorSchema = named(
  "Sensor",
  z.object({
    sensor_id: z.string(),
    sensor_type: z.string(),
    unit: z.string(),
    readings: z.int(),
    first_at: instant,
    latest: z.object({ timestamp: instant, received_at: instant, value: z.number(), quality: qualitySchema }),
  }) satisfies z.ZodType<WireAsset["sensors"][number]>,
);

export const assetSchema = named(
  "Asset",
  z.object({
    asset_id: z.string(),
    asset_type: z.string(),
    sensors: z.array(sensorSchema),
    health: healthSchema.optional(),
    open_alerts: z.object({ info: z.int(), warning: z.int(), critical: z.int() }),
    received_at: instant,
  }) satisfies z.ZodType<WireAsset>,
);

export const alertSchema = named(
  "Alert",
  z.object({
    id: z.string(),
    tenant_id: z.string(),
    asset_id: z.string(),
    sensor_id: z.string().optional(),
    rule_id: z.string(),
    title: z.string(),
    severity: severitySchema,
    state: alertStateSchema,
    metric_value: z.number().nullable(),
    threshold: z.number().optional(),
    unit: z.string().optional(),
    raised_at: instant,
    updated_at: instant,
    timestamp: instant,
    occurrences: z.int(),
    owner: z.string().optional(),
    comment: z.string().optional(),
    shelved_until: instant.optional(),
  }) satisfies z.ZodType<WireAlert>,
);

export const alertEventSchema = named(
  "AlertEvent",
  z.object({
    seq: z.int(),
    event_id: z.string(),
    kind: z.enum(ALERT_EVENT_KINDS),
    at: instant,
    by: z.string(),
    comment: z.string().optional(),
    alert: alertSchema,
  }),
);

export const alertDetailSchema = named(
  "AlertDetail",
  z.object({ alert: alertSchema, events: z.array(alertEventSchema) }),
);

export const pointSchema = named(
  "Point",
  z.object({
    timestamp: instant,
    until: instant,
    value: z.number(),
    min: z.number(),
    max: z.number(),
    count: z.int(),
    quality: qualitySchema,
  }),
);

export const uploadSchema = named(
  "Upload",
  z.object({
    id: z.string(),
    tenant_id: z.string(),
    file_name: z.string(),
    by: z.string(),
    state: z.enum(["running", "done", "failed", "interrupted"]),
    bytes: z.int(),
    bytes_read: z.int(),
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    rejects: z.array(z.object({ line: z.int(), reason: z.string(), text: z.string().optional() })),
    error: z.string().optional(),
    started_at: instant,
    finished_at: instant.optional(),
  }),
);

export const userSchema = named(
  "User",
  z.object({
    username: z.string(),
    tenant_id: z.string(),
    role: roleSchema,
    disabled: z.boolean(),
    created_at: instant,
  }),
);

export const tokenSchema = named(
  "Token",
  z.object({
    jti: z.string(),
    tenant_id: z.string(),
    name: z.string(),
    role: roleSchema,
    created_by: z.string(),
    created_at: instant,
    expires_at: instant,
    revoked: z.boolean(),
  }),
);
