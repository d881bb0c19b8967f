import type { Severity } from "../../../lib/domain/alert.ts";
import { type Condition, type Rule, ruleSchema } from "../../../lib/domain/rule.ts";
import { isOfAsset } from "../../../lib/domain/rule-kinds.ts";

export const SCOPES = ["sensor_type", "sensor_suffix", "sensor_id"] as const;
export type Scope = (typeof SCOPES)[number];

/** A rule as it stands in a form: texts, until they are read. */
export interface RuleDraft {
  id: string;
  title: string;
  enabled: boolean;
  severity: Severity;
  scope: Scope;
  scope_value: string;
  asset_type: string;
  asset_id: string;
  kind: Condition["kind"];
  limit: string;
  low: string;
  high: string;
  unit: string;
  hysteresis: string;
  delay_s: string;
  instructions: string;
}

export type DraftErrors = Partial<Record<keyof RuleDraft, string>>;

export function emptyDraft(id: string): RuleDraft {
  return {
    id,
    title: "",
    enabled: true,
    severity: "warning",
    scope: "sensor_type",
    scope_value: "",
    asset_type: "",
    asset_id: "",
    kind: "above",
    limit: "",
    low: "",
    high: "",
    unit: "",
    hysteresis: "0",
    delay_s: "0",
    instructions: "",
  };
}

export function draftOf(rule: Rule): RuleDraft {
  const { condition } = rule;
  const scope: Scope =
    rule.sensor_id !== undefined
      ? "sensor_id"
      : rule.sensor_suffix !== undefined
        ? "sensor_suffix"
        : "sensor_type";
  const limit =
    "limit" in condition
      ? condition.limit
      : condition.kind === "rate_of_change"
        ? condition.limit_per_s
        : condition.kind === "missing_data"
          ? condition.after_s
          : undefined;
  return {
    ...emptyDraft(rule.id),
    title: rule.title,
    enabled: rule.enabled,
    severity: rule.severity,
    scope,
    scope_value: rule[scope] ?? "",
    asset_type: rule.asset_type ?? "",
    asset_id: rule.asset_id ?? "",
    kind: condition.kind,
    limit: limit === undefined ? "" : String(limit),
    low: condition.kind === "outside" ? String(condition.low) : "",
    high: condition.kind === "outside" ? String(condition.high) : "",
    unit: rule.unit ?? "",
    hysteresis: String(rule.hysteresis),
    delay_s: String(rule.delay_s),
    instructions: rule.instructions ?? "",
  };
}

/** Scores have a scale of their own and no unit. */
export function ownScale(kind: Condition["kind"]): boolean {
  return kind === "anomaly" || kind === "health";
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}

/** Reads the form. Gives the rule, or for each wrong field what it expects. */
export function ruleOf(
  draft: RuleDraft,
): { rule: Rule; errors?: undefined } | { rule?: undefined; errors: DraftErrors } {
  const errors: DraftErrors = {};
  const number = (field: "limit" | "low" | "high" | "hysteresis" | "delay_s", least?: number): number => {
    const value = numberOf(draft[field]);
    if (!Number.isFinite(value)) errors[field] = "Enter a number.";
    else if (least !== undefined && value < least) errors[field] = `Enter a number of at least ${least}.`;
    return value;
  };
  if (draft.title.trim() === "") errors.title = "Say what the alert shall be called.";
  const of_asset = isOfAsset(draft.kind);
  if (!of_asset && draft.scope_value.trim() === "") errors.scope_value = "Name what the rule watches.";
  const { kind } = draft;
  const condition: Condition =
    kind === "outside"
      ? { kind, low: number("low"), high: number("high") }
      : kind === "rate_of_change"
        ? { kind, limit_per_s: number("limit", Number.MIN_VALUE) }
        : kind === "missing_data"
          ? { kind, after_s: number("limit", Number.MIN_VALUE) }
          : { kind, limit: number("limit") };
  if (condition.kind === "outside" && condition.low > condition.high)
    errors.high = "The upper limit is not below the lower one.";
  const hysteresis = number("hysteresis", 0);
  const delay_s = number("delay_s", 0);
  if (Object.keys(errors).length > 0) return { errors };
  const filled = (text: string) => (text.trim() === "" ? undefined : text.trim());
  const parsed = ruleSchema.safeParse({
    id: draft.id,
    title: draft.title.trim(),
    enabled: draft.enabled,
    ...(!of_asset && { [draft.scope]: draft.scope_value.trim() }),
    ...(filled(draft.asset_type) && { asset_type: filled(draft.asset_type) }),
    ...(filled(draft.asset_id) && { asset_id: filled(draft.asset_id) }),
    severity: draft.severity,
    condition,
    ...(!ownScale(kind) && filled(draft.unit) && { unit: filled(draft.unit) }),
    hysteresis,
    delay_s,
    ...(filled(draft.instructions) && { instructions: filled(draft.instructions) }),
  });
  if (parsed.success) return { rule: parsed.data };
  for (const { path, message } of parsed.error.issues) {
    const field = path[0] === draft.scope ? "scope_value" : String(path.at(-1) ?? "title");
    errors[(field in draft ? field : "title") as keyof RuleDraft] = message;
  }
  return { errors };
}
