import type { AlertCommand } from "./alert-lifecycle.ts";
import { alertTitle, thresholdOf } from "./alert-title.ts";
import type { AnomalyScore } from "./anomaly-scorer.ts";
import type { Condition, Rule } from "./rule.ts";
import { isOfAsset } from "./rule-kinds.ts";
import type { AppliedRule } from "./rule-selection.ts";
import type { EpochMs } from "./time.ts";
import { applyConversion } from "./units.ts";

/** Who acts where a rule does. */
export const RULES_ACTOR = "rules";

/**
 * Where one rule stands with one sensor. Without an entry the condition does not hold. `since`: the reading's time at
 * which the condition began to hold; `active`: it has been raised and has not cleared yet.
 */
export interface RuleState {
  rule_id: string;
  active: boolean;
  since: EpochMs;
}

/** One reading as rules see it: good or uncertain, and newer than the sensor's last judged one. */
export interface JudgedReading {
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
  value: number;
  timestamp: EpochMs;
  received_at: EpochMs;
  /** Position in the log; makes the ids of what follows. */
  offset: number;
  /** How out of the ordinary the reading is; absent where no rule asks. */
  anomaly?: AnomalyScore;
  /** The judged reading before it, in the same unit. */
  previous?: { value: number; timestamp: EpochMs };
}

/** Readable, and the same whenever the same reading is judged again. */
export function eventId(
  rule_id: string,
  sensor: { asset_id: string; sensor_id: string },
  kind: "raise" | "clear",
  offset: number,
): string {
  return `${rule_id}:${sensor.asset_id}:${sensor.sensor_id}:${kind}@${offset}`;
}

/**
 * What the condition looks at, in the rule's unit: the value, or how fast it changes a second. Of an anomaly first its
 * onset and then how long it lasts, in which the score no longer counts what went before.
 */
function measured(
  condition: Condition,
  reading: JudgedReading,
  applied: AppliedRule,
  active: boolean,
): number | undefined {
  const { toRule } = applied;
  if (toRule === undefined || condition.kind === "missing_data" || isOfAsset(condition.kind))
    return undefined;
  if (condition.kind === "anomaly") return active ? reading.anomaly?.strange : reading.anomaly?.anomaly;
  if (condition.kind !== "rate_of_change") return applyConversion(reading.value, toRule);
  const { previous } = reading;
  if (previous === undefined) return undefined;
  const per_s = (reading.value - previous.value) / ((reading.timestamp - previous.timestamp) / 1_000);
  return Math.abs(applyConversion(per_s, { scale: toRule.scale, offset: 0 }));
}

/** Beyond the limit; with `margin` > 0: not yet back inside by that much. */
export function isBeyond(condition: Condition, value: number, margin: number): boolean {
  switch (condition.kind) {
    case "above":
    case "anomaly":
      return value > condition.limit - margin;
    case "below":
    case "health":
      return value < condition.limit + margin;
    case "outside":
      return value > condition.high - margin || value < condition.low + margin;
    case "rate_of_change":
      return value > condition.limit_per_s - margin;
    case "remaining_life":
      return margin === 0 ? value <= condition.limit : value < condition.limit + margin;
    case "missing_data":
      return false;
  }
}

/**
 * Judges a reading by one rule. The condition begins to hold with a reading strictly beyond the limit; once it has
 * held for the rule's delay by the readings' own time the alert is raised, once. It clears with the first reading
 * that is back inside by the hysteresis; what enters the condition again after that is raised again, and counts as a
 * recurrence while the alert is not resolved. A reading back inside during the delay forgets it.
 * @returns the state after the reading; `undefined` where the condition does not hold
 */
export function judgeReading(
  applied: AppliedRule,
  state: RuleState | undefined,
  reading: JudgedReading,
  emit: (command: AlertCommand) => void,
): RuleState | undefined {
  const { rule } = applied;
  const value = measured(rule.condition, reading, applied, state?.active === true);
  if (value === undefined) return state;
  if (state?.active) {
    if (isBeyond(rule.condition, value, rule.hysteresis)) return state;
    emit(clearCommand(rule.id, reading, value));
    return undefined;
  }
  if (!isBeyond(rule.condition, value, 0)) return undefined;
  const since = state?.since ?? reading.timestamp;
  const active = reading.timestamp - since >= rule.delay_s * 1_000;
  if (active) emit(raiseCommand(rule, reading, value));
  return { rule_id: rule.id, active, since };
}

function raiseCommand(rule: Rule, reading: JudgedReading, value: number): AlertCommand {
  const unit = rule.condition.kind === "anomaly" ? "" : (rule.unit ?? reading.unit);
  return {
    kind: "raise",
    event_id: eventId(rule.id, reading, "raise", reading.offset),
    at: reading.received_at,
    by: RULES_ACTOR,
    rule_id: rule.id,
    asset_id: reading.asset_id,
    sensor_id: reading.sensor_id,
    title: alertTitle(rule, reading, value, unit),
    severity: rule.severity,
    metric_value: value,
    threshold: thresholdOf(rule.condition, value),
    ...(unit !== "" && { unit: rule.condition.kind === "rate_of_change" ? `${unit}/s` : unit }),
    timestamp: reading.timestamp,
  };
}

/** Also where the rule no longer applies: then without a value. */
export function clearCommand(
  rule_id: string,
  reading: Pick<JudgedReading, "asset_id" | "sensor_id" | "offset" | "received_at">,
  metric_value: number | null,
): AlertCommand {
  return {
    kind: "clear",
    event_id: eventId(rule_id, reading, "clear", reading.offset),
    at: reading.received_at,
    by: RULES_ACTOR,
    rule_id,
    asset_id: reading.asset_id,
    sensor_id: reading.sensor_id,
    metric_value,
  };
}

/** A sensor as the missing-data rules see it: its last reading of any quality. */
export interface LastReading {
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  offset: number;
  timestamp: EpochMs;
}

/**
 * Judges silence by a missing-data rule.
 * @param silent_ms how long by the receiving clock nothing has come
 * @returns the state after it; the alert is raised once, with the position of the last reading in its id
 */
export function judgeSilence(
  rule: Rule,
  state: RuleState | undefined,
  last: LastReading,
  silent_ms: number,
  now: EpochMs,
  emit: (command: AlertCommand) => void,
): RuleState | undefined {
  if (rule.condition.kind !== "missing_data" || state?.active) return state;
  const { after_s } = rule.condition;
  if (silent_ms < after_s * 1_000) return state;
  emit({
    kind: "raise",
    event_id: eventId(rule.id, last, "raise", last.offset),
    at: now,
    by: RULES_ACTOR,
    rule_id: rule.id,
    asset_id: last.asset_id,
    sensor_id: last.sensor_id,
    title: alertTitle(rule, last, after_s, "s"),
    severity: rule.severity,
    metric_value: null,
    threshold: after_s,
    unit: "s",
    timestamp: last.timestamp,
  });
  return { rule_id: rule.id, active: true, since: last.timestamp };
}
