import { z } from "zod";
import { CHANNELS } from "../../../lib/protocol/messages.ts";
import { contract } from "../contract.ts";
import { named } from "../registry.ts";
import { alertSchema, assetSchema, instant } from "./schemas.ts";

export const getSnapshot = contract({
  operation: "getSnapshot",
  method: "GET",
  path: "/api/snapshot",
  tag: "Streaming",
  summary: "What a socket's snapshot holds, with the cursors to go on from",
  permission: "read",
  responses: {
    200: {
      description: "Assets, alerts that are not resolved, and a cursor for each channel",
      schema: named(
        "Snapshot",
        z.object({
          type: z.literal("snapshot"),
          tenant_id: z.string(),
          timestamp: instant,
          channels: z.array(z.enum(CHANNELS)),
          cursors: z.object({ sensor_data: z.string(), alerts: z.string(), health_scores: z.string() }),
          assets: z.array(assetSchema),
          alerts: z.array(alertSchema),
        }),
      ),
    },
  },
});

export const healthz = contract({
  operation: "healthz",
  method: "GET",
  path: "/healthz",
  tag: "Operation",
  summary: "The process is alive",
  permission: "open",
  responses: { 200: { description: "Alive", schema: z.object({ status: z.literal("ok") }) } },
});

const readinessSchema = named(
  "Readiness",
  z.object({
    ready: z.boolean(),
    parts: z
      .record(z.string(), z.object({ ok: z.boolean(), detail: z.string(), degraded: z.boolean().optional() }))
      .optional(),
  }),
);

export const readyz = contract({
  operation: "readyz",
  method: "GET",
  path: "/readyz",
  tag: "Operation",
  summary: "Able to serve",
  description: "The parts are told on this machine and to an administrator; others learn yes or no.",
  permission: "open",
  responses: {
    200: { description: "Ready", schema: readinessSchema },
    503: { description: "Not ready", schema: readinessSchema },
  },
});

export const metrics = contract({
  operation: "metrics",
  method: "GET",
  path: "/metrics",
  tag: "Operation",
  summary: "Prometheus metrics",
  description: "On this machine, or with an administrator's token.",
  permission: "open",
  responses: { 200: { description: "Text exposition", media_types: ["text/plain"] } },
});

export const openapi = contract({
  operation: "openapi",
  method: "GET",
  path: "/api/openapi.json",
  tag: "Operation",
  summary: "This document",
  permission: "open",
  responses: { 200: { description: "OpenAPI 3.1", schema: z.record(z.string(), z.unknown()) } },
});
