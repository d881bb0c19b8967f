"use client";
import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Rule } from "../../../lib/domain/rule.ts";
import { request, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { usePlant } from "../frame/plant.tsx";
import { useMay } from "../frame/principal.tsx";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Input } from "../ui/field.tsx";
import { formatNumber, plural } from "../ui/format.ts";
import { SeverityTag } from "../ui/severity.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { WhenLoaded } from "./loaded.tsx";
import { RuleDialog } from "./rule-dialog.tsx";
import { draftOf, emptyDraft, type RuleDraft } from "./rule-draft.ts";
import { conditionInWords, differenceInWords, scopeInWords } from "./rule-words.ts";
import { Section } from "./section.tsx";

const ruleUrl = (id: string) => `/api/rules/${encodeURIComponent(id)}`;

/** The alert rules: everyone sees what is watched, admins change it. They count within 2 s. */
export function Rules() {
  const mayChange = useMay("administer");
  // Limits are said in the units that are shown, and follow when these change.
  usePlant();
  const loaded = useRequest<{ rules: Rule[] }>("/api/rules");
  const [editing, setEditing] = useState<{ draft: RuleDraft; title: string }>();
  const [filter, setFilter] = useState("");

  // "/settings?rule=ID" leads straight to a rule, once.
  const wanted = useSearchParams().get("rule");
  const led = useRef(false);
  const { data } = loaded;
  useEffect(() => {
    if (led.current || wanted === null || data === undefined || !mayChange) return;
    led.current = true;
    const rule = data.rules.find(({ id }) => id === wanted);
    if (rule) setEditing({ draft: draftOf(rule), title: "Edit the rule" });
  }, [wanted, data, mayChange]);

  const put = async (rule: Rule) => {
    await request(ruleUrl(rule.id), { method: "PUT", body: rule });
    loaded.reload();
  };
  const attempt = async (what: string, doing: () => Promise<unknown>, done?: () => void) => {
    try {
      await doing();
      loaded.reload();
      done?.();
    } catch (error) {
      toast({ kind: "critical", title: `${what} not changed`, detail: sentenceOf(error) });
    }
  };
  const toggle = (rule: Rule) =>
    attempt(
      rule.title,
      () => put({ ...rule, enabled: !rule.enabled }),
      () =>
        toast({
          kind: "resolved",
          title: `${rule.title} is ${rule.enabled ? "off" : "on"}`,
          action: { label: "Undo", run: () => void attempt(rule.title, () => put(rule)) },
        }),
    );
  const remove = (rule: Rule) =>
    attempt(
      rule.title,
      () => request(ruleUrl(rule.id), { method: "DELETE" }),
      () =>
        toast({
          kind: "resolved",
          title: `${rule.title} deleted`,
          action: { label: "Undo", run: () => void attempt(rule.title, () => put(rule)) },
        }),
    );

  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return [...(loaded.data?.rules ?? [])]
      .filter((rule) => `${rule.id} ${rule.title} ${scopeInWords(rule)}`.toLowerCase().includes(wanted))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }, [loaded.data, filter]);

  return (
    <Section
      id="rules"
      title="Alert rules"
      note={
        mayChange
          ? "What is watched. Changes count within 2 s; of rules of one severity for the same sensor the most specific applies."
          : "What is watched. Admins change it."
      }
      action={
        mayChange && (
          <Button
            onClick={() =>
              setEditing({
                draft: emptyDraft(`rule-${crypto.randomUUID().slice(0, 8)}`),
                title: "Add a rule",
              })
            }
          >
            Add a rule
          </Button>
        )
      }
    >
      <WhenLoaded loaded={loaded} what="rules">
        {({ rules }) => (
          <>
            <div className="flex items-center gap-3 border-b border-line px-4 py-2 max-phone:px-3">
              <Input
                type="search"
                aria-label="Filter rules"
                placeholder="Filter rules"
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
                className="h-7 w-56 text-12"
              />
              <span className="text-12 text-faint" role="status">
                {shown.length === rules.length
                  ? plural(rules.length, "rule")
                  : `${shown.length} of ${plural(rules.length, "rule")}`}
              </span>
            </div>
            {shown.length === 0 ? (
              <p className="p-4 text-12 text-muted">
                {rules.length === 0 ? "No rules: nothing raises an alert." : "No rule matches."}
              </p>
            ) : (
              <Table label="Alert rules">
                <thead>
                  <tr>
                    <Th>On</Th>
                    <Th>Severity</Th>
                    <Th>Watches</Th>
                    <Th>When</Th>
                    <Th className="text-right">Hysteresis</Th>
                    <Th className="text-right">Delay</Th>
                    <Th>
                      <span className="sr-only">Actions</span>
                    </Th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((rule) => (
                    <tr key={rule.id} className={rule.enabled ? undefined : "text-muted"}>
                      <Td className="w-8">
                        <Checkbox
                          checked={rule.enabled}
                          disabled={!mayChange}
                          aria-label={`${rule.title}: on`}
                          onCheckedChange={() => void toggle(rule)}
                        />
                      </Td>
                      <Td>
                        <SeverityTag kind={rule.severity} />
                      </Td>
                      <Td title={rule.id}>
                        <span className="block min-w-48 py-1 [overflow-wrap:anywhere]">
                          {scopeInWords(rule)}
                          <span className="block text-11 text-muted">{rule.title}</span>
                        </span>
                      </Td>
                      <Td className="whitespace-nowrap">{conditionInWords(rule.condition, rule.unit)}</Td>
                      <Td className="text-right whitespace-nowrap text-muted">
                        {rule.hysteresis === 0 ? "none" : differenceInWords(rule.hysteresis, rule.unit)}
                      </Td>
                      <Td className="text-right whitespace-nowrap text-muted">
                        {rule.delay_s === 0 ? "none" : `${formatNumber(rule.delay_s)} s`}
                      </Td>
                      <Td className="text-right whitespace-nowrap">
                        {mayChange && (
                          <span className="inline-flex gap-1.5">
                            <Button
                              size="small"
                              aria-label={`Edit ${rule.title}`}
                              onClick={() => setEditing({ draft: draftOf(rule), title: "Edit the rule" })}
                            >
                              Edit
                            </Button>
                            <Button
                              size="small"
                              look="danger"
                              aria-label={`Delete ${rule.title}`}
                              onClick={() => void remove(rule)}
                            >
                              Delete
                            </Button>
                          </span>
                        )}
                      </Td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            )}
          </>
        )}
      </WhenLoaded>
      {editing && (
        <RuleDialog
          key={editing.draft.id}
          initial={editing.draft}
          title={editing.title}
          onSave={put}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Section>
  );
}
