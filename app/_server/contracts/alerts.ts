import { z } from "zod";
import { ALERT_STATES, SEVERITIES } from "../../../lib/domain/alert.ts";
import { severitySchema } from "../../../lib/domain/alert-schema.ts";
import { identifierSchema } from "../../../lib/domain/identity-schema.ts";
import { timestampSchema } from "../../../lib/domain/timestamp-schema.ts";
import { contract } from "../contract.ts";
import { FURTHEST_SHELF_S } from "../limits.ts";
import { integerParameter, listParameter, rangeParameters, withRange } from "../parameters.ts";
import { alertDetailSchema, alertSchema } from "./schemas.ts";

const tag = "Alerts";
const comment = z.string().trim().min(1).max(2_000);
const detail = {
  200: { description: "The alert as it is now, with its history", schema: alertDetailSchema },
};

export const listAlerts = contract({
  operation: "listAlerts",
  method: "GET",
  path: "/api/alerts",
  tag,
  summary: "Alerts, newest first",
  permission: "read",
  query: withRange(
    z.strictObject({
      state: listParameter(ALERT_STATES, "Only in these states.").optional(),
      severity: listParameter(SEVERITIES, "Only of these severities.").optional(),
      asset_id: z.string().min(1).max(128).optional(),
      ...rangeParameters,
      after: z.string().min(1).max(200).optional(),
      limit: integerParameter(1, 1_000, "At most so many, 100 where absent.").optional(),
    }),
  ),
  responses: {
    200: {
      description: "`next`, where there is more, is the `after` of the next page",
      schema: z.object({ alerts: z.array(alertSchema), next: z.string().optional() }),
    },
  },
});

export const raiseAlert = contract({
  operation: "raiseAlert",
  method: "POST",
  path: "/api/alerts",
  tag,
  summary: "Raise an alert from a program",
  description:
    "The same `rule_id` (where absent: the same title) for the same asset and sensor counts as a recurrence " +
    "while the alert is not resolved. The same `Idempotency-Key` again changes nothing.",
  permission: "operate",
  headers: { "Idempotency-Key": "1 to 200 printable characters; the same again is done once" },
  body: z.object({
    asset_id: identifierSchema,
    sensor_id: identifierSchema.optional(),
    rule_id: identifierSchema.optional(),
    title: z.string().trim().min(1).max(200),
    severity: severitySchema,
    metric_value: z.number().nullable().default(null),
    threshold: z.number().optional(),
    unit: z.string().max(32).optional(),
    timestamp: timestampSchema.optional(),
  }),
  responses: { 201: { description: "The alert with its history", schema: alertDetailSchema } },
});

export const getAlert = contract({
  operation: "getAlert",
  method: "GET",
  path: "/api/alerts/{id}",
  tag,
  summary: "One alert with its history",
  permission: "read",
  responses: detail,
});

export const acknowledgeAlert = contract({
  operation: "acknowledgeAlert",
  method: "POST",
  path: "/api/alerts/{id}/acknowledge",
  tag,
  summary: "Acknowledge an alert: someone has seen it and owns it",
  permission: "operate",
  body: z.object({ comment: comment.optional() }),
  responses: detail,
});

export const resolveAlert = contract({
  operation: "resolveAlert",
  method: "POST",
  path: "/api/alerts/{id}/resolve",
  tag,
  summary: "Resolve an alert",
  permission: "operate",
  body: z.object({ comment: comment.optional() }),
  responses: detail,
});

export const commentAlert = contract({
  operation: "commentAlert",
  method: "POST",
  path: "/api/alerts/{id}/comment",
  tag,
  summary: "Comment on an alert",
  permission: "operate",
  body: z.object({ comment }),
  responses: detail,
});

export const shelveAlert = contract({
  operation: "shelveAlert",
  method: "POST",
  path: "/api/alerts/{id}/shelve",
  tag,
  summary: "Set an alert aside until a time, at most 30 days ahead",
  permission: "operate",
  body: z
    .object({
      until: timestampSchema.optional(),
      for_s: z.number().positive().max(FURTHEST_SHELF_S).optional(),
      comment: comment.optional(),
    })
    .refine(({ until, for_s }) => (until === undefined) !== (for_s === undefined), {
      message: "give either until or for_s",
      path: ["until"],
    }),
  responses: detail,
});

export const unshelveAlert = contract({
  operation: "unshelveAlert",
  method: "POST",
  path: "/api/alerts/{id}/unshelve",
  tag,
  summary: "Bring a shelved alert back",
  permission: "operate",
  body: z.object({ comment: comment.optional() }),
  responses: detail,
});

export const unacknowledgeAlert = contract({
  operation: "unacknowledgeAlert",
  method: "POST",
  path: "/api/alerts/{id}/unacknowledge",
  tag,
  summary: "Take an acknowledgement back: the alert is open again and has no owner",
  permission: "operate",
  body: z.object({ comment: comment.optional() }),
  responses: detail,
});

export const reopenAlert = contract({
  operation: "reopenAlert",
  method: "POST",
  path: "/api/alerts/{id}/reopen",
  tag,
  summary: "Take a person's resolution back: the alert is again what it was before",
  description:
    "Refused with `conflict` where the condition itself resolved the alert, or has raised a newer one since.",
  permission: "operate",
  body: z.object({ comment: comment.optional() }),
  responses: detail,
});
