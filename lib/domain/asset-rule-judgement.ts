import type { AlertCommand } from "./alert-lifecycle.ts";
import { alertTitle, thresholdOf } from "./alert-title.ts";
import type { LifeUnit } from "./health.ts";
import type { Rule } from "./rule.ts";
import { isBeyond, RULES_ACTOR, type RuleState } from "./rule-judgement.ts";
import type { EpochMs } from "./time.ts";

/** An asset as rules of it see it, after a frame. */
export interface JudgedAsset {
  asset_id: string;
  /** Health, 0 to 100; `null` where it is withheld: then nothing is judged by it. */
  score: number | null;
  /** Remaining life in its unit; absent without a model, `null` where it is withheld. */
  rul?: number | null;
  rul_unit?: LifeUnit;
  /** A time step of the model that tells the life, in `rul_unit`. */
  rul_step?: number;
  timestamp: EpochMs;
  received_at: EpochMs;
  /** Position in the log of the newest reading that the score includes. */
  offset: number;
}

function eventId(rule_id: string, asset_id: string, kind: "raise" | "clear", offset: number): string {
  return `${rule_id}:${asset_id}:${kind}@${offset}`;
}

/** What a rule's condition looks at; `null` where it is withheld, or no life is told in the rule's unit. */
function measured({ condition, unit }: Rule, { score, rul, rul_unit }: JudgedAsset): number | null {
  if (condition.kind === "health") return score;
  if (condition.kind !== "remaining_life" || rul_unit !== unit) return null;
  return rul ?? null;
}

/** Units of short lives: below two of an hour minutes, below two of a minute seconds. */
const SHORTER = [
  { unit: "s", per_hour: 3_600, below: 2 / 60 },
  { unit: "min", per_hour: 60, below: 2 },
];

/**
 * What a rule compares, and the rule in the unit of that: one in time steps becomes one in the unit that the life is
 * told in, or in minutes or seconds where hours are too long to tell.
 */
function comparedBy(rule: Rule, asset: JudgedAsset): { rule: Rule; value: number | null } {
  const { condition, unit, hysteresis } = rule;
  const { rul = null, rul_unit, rul_step } = asset;
  if (condition.kind !== "remaining_life" || unit !== "steps") return { rule, value: measured(rule, asset) };
  if (rul_unit === undefined || rul_step === undefined) return { rule, value: null };
  const short = SHORTER.find(({ below }) => rul_unit === "hours" && condition.limit * rul_step < below);
  const factor = short?.per_hour ?? 1;
  const told = (life: number) => Number((life * factor).toPrecision(6));
  return {
    value: rul === null ? null : told(rul),
    rule: {
      ...rule,
      unit: short?.unit ?? rul_unit,
      condition: { ...condition, limit: told(condition.limit * rul_step) },
      hysteresis: told(hysteresis * rul_step),
    },
  };
}

/**
 * Judges an asset by one rule, with the same delay, hysteresis and recurrence as a sensor's reading.
 * @returns the state after it; `undefined` where the condition does not hold
 */
export function judgeAsset(
  given: Rule,
  state: RuleState | undefined,
  asset: JudgedAsset,
  emit: (command: AlertCommand) => void,
): RuleState | undefined {
  const { rule, value } = comparedBy(given, asset);
  const { condition } = rule;
  const { asset_id, timestamp, received_at, offset } = asset;
  if (value === null) return state;
  if (state?.active) {
    if (isBeyond(condition, value, rule.hysteresis)) return state;
    emit(clearAssetCommand(rule.id, asset, value));
    return undefined;
  }
  if (!isBeyond(condition, value, 0)) return undefined;
  const since = state?.since ?? timestamp;
  // A life is at its end only if it is so twice in a row.
  const sure = condition.kind !== "remaining_life" || state !== undefined;
  const active = sure && timestamp - since >= rule.delay_s * 1_000;
  if (active)
    emit({
      kind: "raise",
      event_id: eventId(rule.id, asset_id, "raise", offset),
      at: received_at,
      by: RULES_ACTOR,
      rule_id: rule.id,
      asset_id,
      title: alertTitle(rule, { sensor_id: "", sensor_type: "" }, value, rule.unit ?? ""),
      severity: rule.severity,
      metric_value: value,
      threshold: thresholdOf(condition, value),
      ...(rule.unit !== undefined && { unit: rule.unit }),
      timestamp,
    });
  return { rule_id: rule.id, active, since };
}

/** Also where the rule no longer applies: then without a value. */
export function clearAssetCommand(
  rule_id: string,
  { asset_id, received_at, offset }: Pick<JudgedAsset, "asset_id" | "received_at" | "offset">,
  metric_value: number | null,
): AlertCommand {
  return {
    kind: "clear",
    event_id: eventId(rule_id, asset_id, "clear", offset),
    at: received_at,
    by: RULES_ACTOR,
    rule_id,
    asset_id,
    metric_value,
  };
}
