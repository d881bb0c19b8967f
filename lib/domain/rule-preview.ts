import type { Reading } from "./reading.ts";
import type { Rule } from "./rule.ts";
import { type JudgedReading, judgeReading, judgeSilence, type RuleState } from "./rule-judgement.ts";
import { isOfAsset } from "./rule-kinds.ts";
import type { AppliedRule, SensorIdentity } from "./rule-selection.ts";
import type { EpochMs } from "./time.ts";

/** An alert that a rule would have raised. Value and limit are in the rule's unit; silence has no value. */
export interface PreviewedAlert {
  asset_id: string;
  sensor_id: string;
  timestamp: EpochMs;
  title: string;
  metric_value: number | null;
}

/** Scores of health and anomaly belong to the models' state at their time, which is not kept with the readings. */
export function canPreview(rule: Rule): boolean {
  return !isOfAsset(rule.condition.kind) && rule.condition.kind !== "anomaly";
}

export interface SensorPreview {
  /** The sensor's readings in order of time, in as many calls as one likes. */
  judge(readings: readonly Reading[]): void;
  /** Every time the condition was entered, recurrences too. */
  raised(): readonly PreviewedAlert[];
}

/**
 * Judges what is stored as if the rule had been in force, with the very functions that judge what comes. Stored
 * readings have no receiving clock any more, so silence is judged by the readings' own time, and only between them.
 */
export function previewSensor(applied: AppliedRule, sensor: SensorIdentity): SensorPreview {
  const alerts: PreviewedAlert[] = [];
  const emit: Parameters<typeof judgeReading>[3] = (command) => {
    if (command.kind !== "raise") return;
    const { timestamp, title, metric_value } = command;
    alerts.push({ asset_id: sensor.asset_id, sensor_id: sensor.sensor_id, timestamp, title, metric_value });
  };
  const { rule } = applied;
  let state: RuleState | undefined;
  let last: EpochMs | undefined;
  let previous: JudgedReading["previous"];
  return {
    judge(readings) {
      for (const { timestamp, value, quality } of readings) {
        if (rule.condition.kind === "missing_data") {
          if (last !== undefined) silence(rule, sensor, last, timestamp, emit);
          last = timestamp;
          continue;
        }
        //
        if (quality === "bad") continue;
        const reading = { ...sensor, value, timestamp, received_at: timestamp, offset: 0 };
        state = judgeReading(applied, state, previous ? { ...reading, previous } : reading, emit);
        previous = { value, timestamp };
      }
    },
    raised: () => alerts,
  };
}

function silence(
  rule: Rule,
  sensor: SensorIdentity,
  last: EpochMs,
  next: EpochMs,
  emit: Parameters<typeof judgeReading>[3],
): void {
  judgeSilence(rule, undefined, { ...sensor, offset: 0, timestamp: last }, next - last, next, emit);
}
