import type { Severity } from "../../../lib/domain/alert.ts";
import type { Rule } from "../../../lib/domain/rule.ts";
import { rulesFor, type SensorIdentity } from "../../../lib/domain/rule-selection.ts";
import { convert } from "../../../lib/domain/units.ts";

/** A line that a value must not pass: up for "above", down for "below". In the sensor's unit. */
export interface Limit {
  side: "above" | "below";
  value: number;
  severity: Severity;
}

/** The lines that the rules in force draw into the chart of a sensor; a limit that cannot be converted is not drawn. */
export function limitsOf(sensor: SensorIdentity, rules: readonly Rule[]): Limit[] {
  const limits = rulesFor(sensor, rules).flatMap(({ rule }): Limit[] => {
    const { condition, severity } = rule;
    const sides: [Limit["side"], number][] =
      condition.kind === "above" || condition.kind === "below"
        ? [[condition.kind, condition.limit]]
        : condition.kind === "outside"
          ? [
              ["above", condition.high],
              ["below", condition.low],
            ]
          : [];
    return sides.flatMap(([side, limit]) => {
      const value = rule.unit === undefined ? limit : convert(limit, rule.unit, sensor.unit);
      return value === undefined ? [] : [{ side, value, severity }];
    });
  });
  return limits.sort((a, b) => b.value - a.value);
}

const WEIGHT: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

export function isPast(value: number, limit: Limit): boolean {
  return limit.side === "above" ? value > limit.value : value < limit.value;
}

/** The worst limit that a value lies past. */
export function passedLimit(value: number, limits: readonly Limit[]): Limit | undefined {
  let worst: Limit | undefined;
  for (const limit of limits)
    if (isPast(value, limit) && (worst === undefined || WEIGHT[limit.severity] > WEIGHT[worst.severity]))
      worst = limit;
  return worst;
}
