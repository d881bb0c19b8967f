import type { Condition, Rule } from "../../../lib/domain/rule.ts";
import { isOfAsset } from "../../../lib/domain/rule-kinds.ts";
import { applyConversion } from "../../../lib/domain/units.ts";
import { formatDuration, formatNumber, unitSymbol } from "../ui/format.ts";
import { shownUnits } from "../ui/units.ts";

/** "above 90 °C", "outside 10 to 90 °C", "no reading for 15 min", in the units that are shown. */
export function conditionInWords(condition: Condition, unit: string | undefined): string {
  const shown = unit === undefined ? undefined : shownUnits().of(unit);
  const symbol = unitSymbol(shown?.unit ?? unit);
  const level = (value: number) => formatNumber(shown ? applyConversion(value, shown.how) : value);
  const withUnit = (text: string) => (symbol === "" ? text : `${text} ${symbol}`);
  switch (condition.kind) {
    case "above":
    case "below":
      return withUnit(`${condition.kind} ${level(condition.limit)}`);
    case "outside":
      return withUnit(`outside ${level(condition.low)} to ${level(condition.high)}`);
    case "rate_of_change":
      return `changes by more than ${differenceInWords(condition.limit_per_s, unit)} a second`;
    case "anomaly":
      return `anomaly above ${formatNumber(condition.limit)}`;
    case "health":
      return `health below ${formatNumber(condition.limit)}`;
    case "remaining_life":
      return `remaining life at most ${formatNumber(condition.limit)} ${unit === "steps" ? "time steps" : unit}`;
    case "missing_data":
      return `no reading for ${formatDuration(condition.after_s * 1000)}`;
  }
}

/** A difference of two values (hysteresis, a change) in the unit that is shown: "2 °C" */
export function differenceInWords(difference: number, unit: string | undefined): string {
  const shown = unit === undefined ? undefined : shownUnits().of(unit);
  const value = shown ? applyConversion(difference, { scale: shown.how.scale, offset: 0 }) : difference;
  return `${formatNumber(value)} ${unitSymbol(shown?.unit ?? unit)}`.trimEnd();
}

/** Which sensors or assets the rule watches: the most specific thing it names first. */
export function scopeInWords(rule: Rule): string {
  if (isOfAsset(rule.condition.kind))
    return rule.asset_id ?? (rule.asset_type === undefined ? "every asset" : `every ${rule.asset_type}`);
  const sensor =
    rule.sensor_id !== undefined
      ? `sensor ${rule.sensor_id}`
      : rule.sensor_suffix !== undefined
        ? `sensors ending in ${rule.sensor_suffix}`
        : `${rule.sensor_type ?? "any"} sensors`;
  const asset =
    rule.asset_id !== undefined
      ? ` of ${rule.asset_id}`
      : rule.asset_type !== undefined
        ? ` of every ${rule.asset_type}`
        : "";
  return `${sensor}${asset}`;
}
