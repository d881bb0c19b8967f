import type { Condition, Rule } from "./rule.ts";
import { isOfAsset } from "./rule-kinds.ts";
import { applyConversion, type Conversion, conversion } from "./units.ts";

/** What a rule is matched against. */
export interface SensorIdentity {
  asset_id: string;
  asset_type: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
}

/** A rule that applies to a sensor, with what turns the sensor's unit into the rule's. */
export interface AppliedRule {
  rule: Rule;
  /** `undefined`: the sensor's unit cannot become the rule's; the rule is not judged. */
  toRule: Conversion | undefined;
}

function applies(rule: Rule, sensor: SensorIdentity): boolean {
  return (
    rule.enabled &&
    !isOfAsset(rule.condition.kind) &&
    (rule.sensor_id === undefined || rule.sensor_id === sensor.sensor_id) &&
    (rule.asset_id === undefined || rule.asset_id === sensor.asset_id) &&
    (rule.asset_type === undefined || rule.asset_type === sensor.asset_type) &&
    (rule.sensor_type === undefined || rule.sensor_type === sensor.sensor_type) &&
    (rule.sensor_suffix === undefined ||
      sensor.sensor_id === rule.sensor_suffix ||
      sensor.sensor_id.endsWith(`-${rule.sensor_suffix}`))
  );
}

/** Naming the sensor outweighs all else, then the asset, the suffix, the asset's type. */
function specificity(rule: Rule): number {
  return (
    (rule.sensor_id === undefined ? 0 : 8) +
    (rule.asset_id === undefined ? 0 : 4) +
    (rule.sensor_suffix === undefined ? 0 : 2) +
    (rule.asset_type === undefined ? 0 : 1)
  );
}

/** Two rules compete where they watch the same thing: `outside` watches both what `above` and what `below` do. */
function competes(a: Condition["kind"], b: Condition["kind"]): boolean {
  if (a === b) return true;
  const level = (kind: Condition["kind"]) => kind === "above" || kind === "below" || kind === "outside";
  return level(a) && level(b) && (a === "outside" || b === "outside");
}

/**
 * The rules in force for a sensor, in the order of their ids: of those of one severity that compete, only the most
 * specific (several of equal rank all apply). Rules of different severity never displace one another, so a warning
 * and a critical alert may be open at once.
 */
export function rulesFor(sensor: SensorIdentity, rules: readonly Rule[]): AppliedRule[] {
  return mostSpecific(rules.filter((rule) => applies(rule, sensor))).map((rule) => ({
    rule,
    toRule:
      rule.unit === undefined || rule.condition.kind === "missing_data" || rule.condition.kind === "anomaly"
        ? { scale: 1, offset: 0 }
        : conversion(sensor.unit, rule.unit),
  }));
}

/** The rules in force for an asset as a whole, in the same way: the one that names the asset, else its type, else neither. */
export function assetRulesFor(
  asset: Pick<SensorIdentity, "asset_id" | "asset_type">,
  rules: readonly Rule[],
): Rule[] {
  return mostSpecific(
    rules.filter(
      (rule) =>
        rule.enabled &&
        isOfAsset(rule.condition.kind) &&
        (rule.asset_id === undefined || rule.asset_id === asset.asset_id) &&
        (rule.asset_type === undefined || rule.asset_type === asset.asset_type),
    ),
  );
}

function mostSpecific(matching: Rule[]): Rule[] {
  return matching
    .filter(
      (rule) =>
        !matching.some(
          (other) =>
            other.severity === rule.severity &&
            competes(other.condition.kind, rule.condition.kind) &&
            specificity(other) > specificity(rule),
        ),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A sensor's value in a rule's unit. */
export function inRuleUnit(value: number, { toRule }: AppliedRule): number | undefined {
  return toRule && applyConversion(value, toRule);
}
