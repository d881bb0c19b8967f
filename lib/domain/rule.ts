import { z } from "zod";
import { severitySchema } from "./alert.ts";
import { identifierSchema } from "./identity.ts";

/** When a rule's condition holds. Values are in the rule's unit, rates in the rule's unit per second. */
export const conditionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("above"), limit: z.number() }),
  z.object({ kind: z.literal("below"), limit: z.number() }),
  z.object({ kind: z.literal("outside"), low: z.number(), high: z.number() }),
  z.object({ kind: z.literal("rate_of_change"), limit_per_s: z.number().positive() }),
  /** No reading for this long by the receiving clock. */
  z.object({ kind: z.literal("missing_data"), after_s: z.number().positive() }),
]);
export type Condition = z.infer<typeof conditionSchema>;

/**
 * An alert rule. It applies to sensors by the most specific of `sensor_id`, or `sensor_type` narrowed by
 * `asset_type`. Hysteresis is the way back inside the limit, in the rule's unit, before the condition clears;
 * delay is how long, by the readings' own time, the condition must hold before the alert is raised (ISA-18.2
 * on-delay and deadband).
 */
export const ruleSchema = z
  .object({
    id: identifierSchema,
    title: z.string().min(1).max(200),
    enabled: z.boolean().default(true),
    sensor_id: identifierSchema.optional(),
    sensor_type: z.string().min(1).max(64).optional(),
    asset_type: z.string().min(1).max(64).optional(),
    asset_id: identifierSchema.optional(),
    severity: severitySchema,
    condition: conditionSchema,
    unit: z.string().max(32).optional(),
    hysteresis: z.number().nonnegative().default(0),
    delay_s: z.number().nonnegative().default(0),
  })
  .refine((rule) => rule.sensor_id !== undefined || rule.sensor_type !== undefined, {
    message: "name a sensor_id or a sensor_type",
    path: ["sensor_type"],
  });
export type Rule = z.infer<typeof ruleSchema>;
