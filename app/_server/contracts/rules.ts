import { z } from "zod";
import { ruleSchema } from "../../../lib/domain/rule.ts";
import { contract } from "../contract.ts";
import { integerParameter } from "../parameters.ts";
import { named } from "../registry.ts";
import { instant } from "./schemas.ts";

const tag = "Rules";
const rule = named("Rule", ruleSchema);
const saved = { 200: { description: "The rule as it is saved", schema: rule } };

export const listRules = contract({
  operation: "listRules",
  method: "GET",
  path: "/api/rules",
  tag,
  summary: "Alert rules",
  permission: "read",
  responses: { 200: { description: "All of them", schema: z.object({ rules: z.array(rule) }) } },
});

export const saveRule = contract({
  operation: "saveRule",
  method: "PUT",
  path: "/api/rules",
  tag,
  summary: "Add a rule, or replace the one of its id",
  permission: "administer",
  body: rule,
  responses: saved,
});

export const putRule = contract({
  operation: "putRule",
  method: "PUT",
  path: "/api/rules/{id}",
  tag,
  summary: "Add or replace the rule of this id",
  permission: "administer",
  body: rule,
  responses: saved,
});

export const deleteRule = contract({
  operation: "deleteRule",
  method: "DELETE",
  path: "/api/rules/{id}",
  tag,
  summary: "Remove a rule",
  permission: "administer",
  responses: { 204: { description: "Removed" } },
});

export const previewRuleContract = contract({
  operation: "previewRule",
  method: "POST",
  path: "/api/rules/preview",
  tag,
  summary: "What a rule would have raised, had it been in force; nothing is saved",
  description:
    "Judges the stored readings of the last hours before the newest reading of the sensors that the rule watches. " +
    "Silence is judged between readings by their own time. At most 1,000,000 readings are read: `complete` tells.",
  permission: "administer",
  query: z.strictObject({
    hours: integerParameter(1, 24 * 31, "Before the newest reading, 24 where absent.").optional(),
  }),
  body: rule,
  responses: {
    200: {
      description: "Counts, and the first 100 alerts by time",
      schema: z.object({
        from: instant,
        to: instant,
        raised: z.int(),
        alerts: z.array(
          z.object({
            asset_id: z.string(),
            sensor_id: z.string(),
            timestamp: instant,
            title: z.string(),
            metric_value: z.number().nullable(),
          }),
        ),
        sensors: z.int(),
        raising_sensors: z.int(),
        overruled: z.int(),
        unconvertible: z.int(),
        readings: z.int(),
        complete: z.boolean(),
      }),
    },
  },
});
