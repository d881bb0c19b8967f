import { z } from "zod";
import { severitySchema } from "./alert-schema.ts";
import { LIFE_UNITS } from "./health.ts";
import { identifierSchema } from "./identity-schema.ts";
import { isOfAsset } from "./rule-kinds.ts";

/** When a rule's condition holds. Values are in the rule's unit, rates in the rule's unit per second. */
export const conditionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("above"), limit: z.number() }),
  z.object({ kind: z.literal("below"), limit: z.number() }),
  z.object({ kind: z.literal("outside"), low: z.number(), high: z.number() }),
  z.object({ kind: z.literal("rate_of_change"), limit_per_s: z.number().positive() }),
  /** No reading for this long by the receiving clock. */
  z.object({ kind: z.literal("missing_data"), after_s: z.number().positive() }),
  /** The sensor's anomaly score, 0 to 1, is above the limit. */
  z.object({ kind: z.literal("anomaly"), limit: z.number().min(0).max(1) }),
  /** The asset's health score, 0 to 100, is below the limit. */
  z.object({ kind: z.literal("health"), limit: z.number().min(0).max(100) }),
  /** The asset's remaining life is at most the limit, in the rule's unit (`LIFE_RULE_UNITS`), twice in a row. */
  z.object({ kind: z.literal("remaining_life"), limit: z.number().positive() }),
]);
export type Condition = z.infer<typeof conditionSchema>;

/**
 * Units of a limit of remaining life. `steps` are those of the model that judges, whatever its unit: a cycle each, or
 * about a 200th of a life. One rule of them fits assets whose lives are minutes and others whose lives are years.
 */
export const LIFE_RULE_UNITS = [...LIFE_UNITS, "steps"] as const;
const lifeRuleUnitSchema = z.enum(LIFE_RULE_UNITS);

/**
 * An alert rule. One of health applies to the assets that match `asset_id` and `asset_type`, any other to the sensors that match all of `sensor_id`, `asset_id`, `sensor_suffix`, `asset_type`
 * and `sensor_type` that it names. Of the rules of one severity that watch the same side of a sensor only the most
 * specific apply (`rulesFor`): naming the sensor counts most, then the asset, the suffix, the asset's type.
 * Hysteresis is the way back inside the limit, in the rule's unit, before the condition clears; delay is how long, by
 * the readings' own time, the condition must hold before the alert is raised (ISA-18.2 deadband and on-delay). A
 * rule without a unit compares values as they come.
 */
export const ruleSchema = z
  .object({
    id: identifierSchema,
    title: z.string().min(1).max(200),
    enabled: z.boolean().default(true),
    sensor_id: identifierSchema.optional(),
    sensor_type: z.string().min(1).max(64).optional(),
    /** The end of the sensor's id: `T50` matches `ENGINE-001-T50` and `T50`. */
    sensor_suffix: z.string().min(1).max(64).optional(),
    asset_type: z.string().min(1).max(64).optional(),
    asset_id: identifierSchema.optional(),
    severity: severitySchema,
    condition: conditionSchema,
    unit: z.string().max(32).optional(),
    hysteresis: z.number().nonnegative().default(0),
    delay_s: z.number().nonnegative().default(0),
    /** What is to be done when it raises an alert: one step a line. */
    instructions: z.string().max(4_000).optional(),
  })
  .refine(
    (rule) =>
      isOfAsset(rule.condition.kind) ||
      rule.sensor_id !== undefined ||
      rule.sensor_type !== undefined ||
      rule.sensor_suffix !== undefined,
    { message: "name a sensor_id, a sensor_type or a sensor_suffix", path: ["sensor_type"] },
  )
  .refine(
    (rule) =>
      !isOfAsset(rule.condition.kind) ||
      (rule.sensor_id === undefined && rule.sensor_type === undefined && rule.sensor_suffix === undefined),
    { message: "a rule of the asset names no sensor", path: ["sensor_type"] },
  )
  .refine(
    ({ condition, unit }) =>
      condition.kind !== "remaining_life" || lifeRuleUnitSchema.safeParse(unit).success,
    {
      message: "expected cycles, hours or steps",
      path: ["unit"],
    },
  )
  .refine(({ condition }) => condition.kind !== "outside" || condition.low <= condition.high, {
    message: "expected low not above high",
    path: ["condition", "low"],
  });
export type Rule = z.infer<typeof ruleSchema>;
