import { type Condition, isOfAsset, type Rule } from "../../../lib/domain/rule.ts";
import { formatDuration, formatNumber, unitSymbol } from "../ui/format.ts";

/** "above 90 °C", "outside 10 to 90 °C", "no reading for 15 min" */
export function conditionInWords(condition: Condition, unit: string | undefined): string {
  const symbol = unitSymbol(unit);
  const withUnit = (text: string) => (symbol === "" ? text : `${text} ${symbol}`);
  switch (condition.kind) {
    case "above":
    case "below":
      return withUnit(`${condition.kind} ${formatNumber(condition.limit)}`);
    case "outside":
      return withUnit(`outside ${formatNumber(condition.low)} to ${formatNumber(condition.high)}`);
    case "rate_of_change":
      return `changes by more than ${withUnit(formatNumber(condition.limit_per_s))} a second`;
    case "anomaly":
      return `anomaly above ${formatNumber(condition.limit)}`;
    case "health":
      return `health below ${formatNumber(condition.limit)}`;
    case "remaining_life":
      return withUnit(`remaining life at most ${formatNumber(condition.limit)}`);
    case "missing_data":
      return `no reading for ${formatDuration(condition.after_s * 1000)}`;
  }
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
