import { z } from "zod";
import { contract } from "../contract.ts";
import { integerParameter } from "../parameters.ts";
import { named } from "../registry.ts";
import { uploadSchema } from "./schemas.ts";

export const ingestReadings = contract({
  operation: "ingestReadings",
  method: "POST",
  path: "/api/ingest",
  tag: "Ingest",
  summary: "Post readings; answered once they are durable",
  description:
    "A JSON array of readings or one reading a line. Readings that are not valid are refused one by one, with " +
    "their line and the reason; the others are taken. `Content-Encoding: gzip` is understood. On 429 and 503 wait " +
    "`Retry-After` seconds and send the same again.",
  permission: "ingest",
  headers: { "Idempotency-Key": "1 to 200 printable characters; the same again appends nothing" },
  stream: {
    media_types: ["application/json", "application/x-ndjson"],
    description:
      "Readings `{asset_id, sensor_id, sensor_type, value, unit, quality?, timestamp, asset_type?}`; `timestamp` " +
      "RFC 3339 or epoch milliseconds",
  },
  responses: {
    202: {
      description:
        "Durable. `errors` names the first rejected lines; `cursor` is where they stand in the log",
      schema: named(
        "IngestAnswer",
        z.object({
          accepted: z.int(),
          duplicates: z.int(),
          rejected: z.int(),
          errors: z.array(z.object({ line: z.int(), reason: z.string() })),
          cursor: z.string(),
        }),
      ),
    },
  },
});

export const listUploads = contract({
  operation: "listUploads",
  method: "GET",
  path: "/api/uploads",
  tag: "Uploads",
  summary: "Uploads, newest first, with their progress",
  permission: "read",
  query: z.strictObject({ limit: integerParameter(1, 100, "At most so many, 20 where absent.").optional() }),
  responses: {
    200: { description: "The uploads", schema: z.object({ uploads: z.array(uploadSchema) }) },
  },
});

export const uploadFile = contract({
  operation: "uploadFile",
  method: "POST",
  path: "/api/uploads",
  tag: "Uploads",
  summary: "Upload a CSV file of any size",
  description:
    "Streamed: it is answered when the last row is durable; until then `GET /api/uploads` tells how far it is. " +
    "The same file again adds nothing twice.",
  permission: "upload",
  query: z.strictObject({ file_name: z.string().min(1).max(255).optional() }),
  stream: {
    media_types: ["text/csv", "multipart/form-data"],
    description:
      "The file itself, or a form whose field `file` holds it. A field `mapping` before it, JSON, tells how a file " +
      'with another header becomes readings: `{layout: "rows", timestamp, asset_id, sensor_id, sensor_type, value, ' +
      "unit, quality?, asset_type?}`, each `{column: NAME}` or, but for `timestamp` and `value`, `{constant: TEXT}`; " +
      'or `{layout: "columns", timestamp, asset_id, quality?, asset_type?, sensors: [{column, suffix, sensor_type, ' +
      "unit}]}`, where a sensor's id is the asset's, `-` and the suffix, and an empty cell is no reading. Also " +
      "`delimiter` (`,` `;` tab `|`), `decimal` (`.` `,`), `time_zone` of times without an offset, `date_order` " +
      "(`day_first`, `month_first`) of dates with slashes.",
  },
  responses: { 201: { description: "Done", schema: uploadSchema } },
});

export const getUpload = contract({
  operation: "getUpload",
  method: "GET",
  path: "/api/uploads/{id}",
  tag: "Uploads",
  summary: "How an upload goes or went, with its first rejected rows",
  permission: "read",
  responses: { 200: { description: "The upload", schema: uploadSchema } },
});

export const downloadRejects = contract({
  operation: "downloadRejects",
  method: "GET",
  path: "/api/uploads/{id}/rejects",
  tag: "Uploads",
  summary: "The first 1,000 rejected rows with line and reason, as CSV",
  permission: "read",
  responses: { 200: { description: "`line,reason,text`", media_types: ["text/csv"] } },
});
