import { z } from "zod";
import { contract } from "../contract.ts";
import { integerParameter, rangeParameters, withRange } from "../parameters.ts";
import { apiRegistry } from "../registry.ts";
import { assetSchema, healthSchema, pointSchema } from "./schemas.ts";

const MOST_POINTS = 20_000;
const tag = "Assets";

export const listAssets = contract({
  operation: "listAssets",
  method: "GET",
  path: "/api/assets",
  tag,
  summary: "Assets with latest values, health and open alerts",
  permission: "read",
  responses: {
    200: { description: "In order of their ids", schema: z.object({ assets: z.array(assetSchema) }) },
  },
});

export const getAsset = contract({
  operation: "getAsset",
  method: "GET",
  path: "/api/assets/{asset_id}",
  tag,
  summary: "One asset with its sensors",
  permission: "read",
  responses: { 200: { description: "The asset", schema: assetSchema } },
});

export const changeAsset = contract({
  operation: "changeAsset",
  method: "PATCH",
  path: "/api/assets/{asset_id}",
  tag,
  summary: "Change an asset's type, by which rules and models are chosen",
  permission: "administer",
  body: z.object({ asset_type: z.string().trim().min(1).max(64) }),
  responses: { 200: { description: "The asset as it is now", schema: assetSchema } },
});

export const readReadings = contract({
  operation: "readReadings",
  method: "GET",
  path: "/api/assets/{asset_id}/readings",
  tag,
  summary: "History of a sensor",
  description:
    "With `max_points` downsampled, extremes kept; without it every reading, streamed. CSV holds every reading in " +
    "the columns that an upload takes; without `sensor_id` those of all sensors of the asset, one sensor after " +
    "the other. In CSV, text that a spreadsheet would take for a formula is preceded by an apostrophe.",
  permission: "read",
  query: withRange(
    z.strictObject({
      sensor_id: z.string().min(1).max(128).optional(),
      ...rangeParameters,
      max_points: integerParameter(1, MOST_POINTS, "At most so many points.").optional(),
      format: z.enum(["json", "csv"]).default("json"),
    }),
  )
    .refine(({ format, sensor_id }) => format === "csv" || sensor_id !== undefined, {
      message: "expected the id of a sensor",
      path: ["sensor_id"],
    })
    .refine(({ format, max_points }) => format === "json" || max_points === undefined, {
      message: "CSV holds every reading; leave max_points out",
      path: ["max_points"],
    }),
  responses: {
    200: {
      description: "In order of time",
      schema: z.object({
        asset_id: z.string(),
        sensor_id: z.string(),
        unit: z.string(),
        points: z.array(pointSchema),
      }),
      media_types: ["text/csv"],
    },
  },
});

export const readHealth = contract({
  operation: "readHealth",
  method: "GET",
  path: "/api/assets/{asset_id}/health",
  tag,
  summary: "History of an asset's health",
  permission: "read",
  query: withRange(
    z.strictObject({
      ...rangeParameters,
      max_points: integerParameter(1, MOST_POINTS, "At most so many points, 1,000 where absent.").optional(),
    }),
  ),
  responses: {
    200: {
      description: "In order of time",
      schema: z.object({ asset_id: z.string(), health: z.array(healthSchema) }),
    },
  },
});

export const getStats = contract({
  operation: "getStats",
  method: "GET",
  path: "/api/stats",
  tag,
  summary: "What is stored of the tenant; each reading counted once",
  permission: "read",
  responses: {
    200: {
      description: "The counts",
      schema: z
        .object({
          tenant_id: z.string(),
          readings: z.int(),
          assets: z.int(),
          sensors: z.int(),
          open_alerts: z.int(),
          from: z.iso.datetime().nullable(),
          to: z.iso.datetime().nullable(),
        })
        .register(apiRegistry, { id: "Stats" }),
    },
  },
});
