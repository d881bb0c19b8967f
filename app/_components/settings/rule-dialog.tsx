"use client";
import { type FormEvent, useMemo, useState } from "react";
import type { Rule } from "../../../lib/domain/rule.ts";
import { isOfAsset } from "../../../lib/domain/rule-kinds.ts";
import { sentenceOf } from "../api/request.ts";
import { Button } from "../ui/button.tsx";
import { LabelledCheckbox } from "../ui/checkbox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Note } from "../ui/notes.tsx";
import { Select } from "../ui/select.tsx";
import { type DraftErrors, ownScale, type RuleDraft, ruleOf } from "./rule-draft.ts";
import { RulePreview } from "./rule-preview.tsx";

const SCOPES = [
  { value: "sensor_type", label: "Sensors of the type" },
  { value: "sensor_suffix", label: "Sensors ending in" },
  { value: "sensor_id", label: "The one sensor" },
] as const;
const KINDS = [
  { value: "above", label: "Above" },
  { value: "below", label: "Below" },
  { value: "outside", label: "Outside" },
  { value: "rate_of_change", label: "Changes faster than" },
  { value: "missing_data", label: "No reading for" },
  { value: "anomaly", label: "Anomaly above" },
  { value: "health", label: "Health of the asset below" },
  { value: "remaining_life", label: "Remaining life at most" },
] as const;
const SEVERITY = [
  { value: "critical", label: "Critical" },
  { value: "warning", label: "Warning" },
  { value: "info", label: "Info" },
] as const;

/** Adds or changes a rule. Numbers are in the rule's own unit; other units of the same quantity are converted. */
export function RuleDialog({
  initial,
  title,
  onSave,
  onClose,
}: {
  initial: RuleDraft;
  title: string;
  onSave: (rule: Rule) => Promise<void>;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const text = (
    field:
      | "title"
      | "scope_value"
      | "asset_type"
      | "asset_id"
      | "limit"
      | "low"
      | "high"
      | "unit"
      | "hysteresis"
      | "delay_s",
    label: string,
    hint?: string,
  ) => (
    <Field label={label} {...(hint && { hint })} error={errors[field]}>
      {(props) => (
        <Input {...props} value={draft[field]} onChange={(event) => set({ [field]: event.target.value })} />
      )}
    </Field>
  );

  const wanted = useMemo(() => ruleOf(draft).rule, [draft]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const read = ruleOf(draft);
    setErrors(read.errors ?? {});
    setFailure(undefined);
    if (read.rule === undefined) return;
    setBusy(true);
    try {
      await onSave(read.rule);
      onClose();
    } catch (error) {
      setFailure(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      className="w-[min(40rem,calc(100vw-1.5rem))]"
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-3">
        {failure && (
          <Note kind="critical" title="Not saved." live>
            {failure}
          </Note>
        )}
        {text("title", "Title", "What the alert is called where it appears.")}
        <div className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
          {!isOfAsset(draft.kind) && (
            <>
              <Field label="Watches">
                {(props) => (
                  <Select
                    {...props}
                    value={draft.scope}
                    onChange={(scope) => set({ scope })}
                    options={SCOPES}
                  />
                )}
              </Field>
              {text(
                "scope_value",
                draft.scope === "sensor_type"
                  ? "Type"
                  : draft.scope === "sensor_suffix"
                    ? "Ending"
                    : "Sensor",
              )}
            </>
          )}
          {text("asset_type", "Only of assets of the type", "Empty: of any.")}
          {text("asset_id", "Only of the asset", "Empty: of any.")}
        </div>
        <div className="grid grid-cols-3 gap-3 max-phone:grid-cols-1">
          <Field label="Severity">
            {(props) => (
              <Select
                {...props}
                value={draft.severity}
                onChange={(severity) => set({ severity })}
                options={SEVERITY}
              />
            )}
          </Field>
          <Field label="When">
            {(props) => (
              <Select {...props} value={draft.kind} onChange={(kind) => set({ kind })} options={KINDS} />
            )}
          </Field>
          {draft.kind === "outside" ? (
            <div className="grid grid-cols-2 gap-2">
              {text("low", "Low")}
              {text("high", "High")}
            </div>
          ) : (
            text(
              "limit",
              draft.kind === "missing_data"
                ? "Seconds"
                : draft.kind === "rate_of_change"
                  ? "A second"
                  : "Limit",
              draft.kind === "anomaly" ? "0 to 1" : draft.kind === "health" ? "0 to 100" : undefined,
            )
          )}
          {draft.kind !== "missing_data" && (
            <>
              {!ownScale(draft.kind) &&
                text(
                  "unit",
                  "Unit",
                  draft.kind === "remaining_life"
                    ? "cycles, hours, or steps: those of the model."
                    : "Others are converted; empty: as they come.",
                )}
              {text("hysteresis", "Hysteresis", "The way back before it clears.")}
              {text("delay_s", "Delay, s", "How long it must hold.")}
            </>
          )}
        </div>
        <Field
          label="What to do"
          hint="One step a line; stands beside every alert of this rule."
          error={errors.instructions}
        >
          {(props) => (
            <textarea
              {...props}
              rows={3}
              maxLength={4_000}
              value={draft.instructions}
              onChange={(event) => set({ instructions: event.target.value })}
              className="w-full rounded-2 border border-control bg-raised px-2.5 py-1.5 text-13 max-phone:text-16"
            />
          )}
        </Field>
        <LabelledCheckbox
          label="Enabled"
          checked={draft.enabled}
          onCheckedChange={(on) => set({ enabled: on === true })}
        />
        <RulePreview rule={wanted} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
