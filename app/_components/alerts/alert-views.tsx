"use client";
import { useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { Count } from "../ui/chip.tsx";
import { ALERT_VIEWS, type AlertFilters } from "./filters.ts";

/** The views of the list with how many the stream knows in each. */
export function AlertViews({
  filters,
  alerts,
  onChange,
}: {
  filters: AlertFilters;
  alerts: readonly WireAlert[];
  onChange: (change: Record<string, string | undefined>) => void;
}) {
  const counts = useMemo(
    () =>
      new Map(
        ALERT_VIEWS.map(({ value, states }) => [
          value,
          alerts.filter(({ state }) => states === undefined || states.includes(state)).length,
        ]),
      ),
    [alerts],
  );
  return (
    <nav
      aria-label="Views"
      className="flex h-10 flex-none items-stretch gap-0.5 overflow-x-auto border-b border-line-strong bg-surface px-2.5 [scrollbar-width:none]"
    >
      {ALERT_VIEWS.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-current={filters.view.value === value ? "true" : undefined}
          onClick={() => onChange({ view: value === "open" ? undefined : value })}
          className="flex items-center gap-1.5 border-y-2 border-transparent px-2.5 font-medium whitespace-nowrap text-muted hover:text-text aria-[current]:border-b-text aria-[current]:text-text"
        >
          {label}
          {(value === "open" || value === "new") && (counts.get(value) ?? 0) > 0 && (
            <Count value={counts.get(value) ?? 0} />
          )}
        </button>
      ))}
    </nav>
  );
}
