import type { Condition, Rule } from "./rule.ts";
import { unitSymbol } from "./units.ts";

/** `91.37 °C`; beside a limit five digits, more where that is needed to tell the value from it. */
export function formatMeasure(value: number, unit: string, apart_from?: number): string {
  let shown = value;
  // A limit is shown as it was set.
  if (apart_from !== undefined)
    for (let digits = 5; digits <= 15; digits++) {
      shown = Number(value.toPrecision(digits));
      if (shown !== apart_from || value === apart_from) break;
    }
  const symbol = unitSymbol(unit);
  return symbol === "" ? `${shown}` : `${shown} ${symbol}`;
}

/** `rotational_speed` → `Rotational speed`; of a rule for one suffix `T50 temperature`. */
export function sensorName(sensor_type: string, suffix?: string): string {
  const words = sensor_type.replaceAll("_", " ").trim();
  if (suffix !== undefined) return `${suffix} ${words}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function formatDuration(seconds: number): string {
  if (seconds >= 7200 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${Number(seconds.toPrecision(4))} s`;
}

/** The limit that a value of the condition is compared with; of `outside` the one it is beyond. */
export function thresholdOf(condition: Condition, value: number): number {
  switch (condition.kind) {
    case "above":
    case "below":
    case "anomaly":
    case "health":
    case "remaining_life":
      return condition.limit;
    case "outside":
      return value > condition.high ? condition.high : condition.low;
    case "rate_of_change":
      return condition.limit_per_s;
    case "missing_data":
      return condition.after_s;
  }
}

/**
 * What happened, in a sentence: "Temperature 91.4 °C above critical limit 90 °C".
 * @param value in the rule's unit: the measured one, the rate per second, or the seconds of silence
 * @param unit the rule's, or the sensor's where the rule has none
 */
export function alertTitle(
  rule: Rule,
  sensor: { sensor_id: string; sensor_type: string },
  value: number,
  unit: string,
): string {
  const name = sensorName(sensor.sensor_type, rule.sensor_suffix);
  const { condition, severity } = rule;
  const limit = thresholdOf(condition, value);
  switch (condition.kind) {
    case "missing_data":
      return `No reading of ${sensor.sensor_id} for ${formatDuration(condition.after_s)}`;
    case "rate_of_change":
      return `${name} changes by ${formatMeasure(value, `${unitSymbol(unit)}/s`, limit)}, above ${severity} limit ${formatMeasure(limit, `${unitSymbol(unit)}/s`)}`;
    case "anomaly":
      return `${name} behaves unusually: anomaly ${formatMeasure(value, "", limit)} above ${severity} limit ${limit}`;
    case "health":
      return `Health ${formatMeasure(value, "", limit)} below ${severity} limit ${limit}`;
    case "remaining_life":
      return `Remaining life ${formatMeasure(value, unit, limit)}, ${severity} limit ${formatMeasure(limit, unit)}`;
    default:
      return `${name} ${formatMeasure(value, unit, limit)} ${value > limit ? "above" : "below"} ${severity} limit ${formatMeasure(limit, unit)}`;
  }
}
