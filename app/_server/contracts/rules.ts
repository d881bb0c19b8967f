import { z } from "zod";
import { ruleSchema } from "../../../lib/domain/rule.ts";
import { contract } from "../contract.ts";
import { named } from "../registry.ts";

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
