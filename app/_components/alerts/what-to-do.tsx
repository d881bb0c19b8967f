"use client";
import Link from "next/link";
import { useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useRules } from "../api/use-rules.ts";
import { useMay } from "../frame/principal.tsx";

/** What the alert's rule says is to be done, one step a line. */
export function WhatToDo({ alert }: { alert: WireAlert }) {
  const { rules } = useRules();
  const mayAdminister = useMay("administer");
  const rule = rules?.find(({ id }) => id === alert.rule_id);
  const steps = useMemo(
    () => (rule?.instructions ?? "").split("\n").filter((line) => line.trim() !== ""),
    [rule],
  );
  if (rules === undefined) return null;
  return (
    <section aria-label="What to do" className="border-b border-line px-4 py-3 text-12">
      <h3 className="mb-1.5 flex justify-between font-semibold">
        What to do <span className="font-normal text-faint">{rule?.title}</span>
      </h3>
      {steps.length > 0 ? (
        <ol className="grid gap-1">
          {steps.map((step, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text
            <li key={i} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-1 [overflow-wrap:anywhere]">
              <span className="text-faint">{i + 1}</span>
              {step}
            </li>
          ))}
        </ol>
      ) : (
        <p className="text-muted">
          {rule === undefined
            ? "A program raised it, or its rule is gone: no instructions are known."
            : "Nobody has written instructions for this rule."}{" "}
          {rule !== undefined && mayAdminister && (
            <Link
              href={`/settings?rule=${encodeURIComponent(rule.id)}#rules`}
              className="text-accent underline"
            >
              Write them
            </Link>
          )}
        </p>
      )}
    </section>
  );
}
