"use client";
import { Plus, X } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { usePerson } from "../frame/principal.tsx";
import { NoticeMenu } from "../notices/notice-menu.tsx";
import { Button } from "../ui/button.tsx";
import { Count } from "../ui/chip.tsx";
import { ALERT_VIEWS, type AlertFilters, matches, readFilters } from "./filters.ts";
import { useSavedViews, viewQuery } from "./saved-views.ts";

const COUNTED = new Set(["open", "new", "mine", "recurring"]);

function Tab({ current, onClick, children }: { current: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-current={current ? "true" : undefined}
      onClick={onClick}
      className="flex items-center gap-1.5 border-y-2 border-transparent px-2.5 font-medium whitespace-nowrap text-muted hover:text-text aria-[current]:border-b-text aria-[current]:text-text"
    >
      {children}
    </button>
  );
}

/** The views of the list with how many the stream knows in each, those that the reader saved, and how to be told. */
export function AlertViews({
  filters,
  alerts,
  onChange,
  onReplace,
}: {
  filters: AlertFilters;
  alerts: readonly WireAlert[];
  onChange: (change: Record<string, string | undefined>) => void;
  /** All filters at once, as a URL's query says them. */
  onReplace: (query: string) => void;
}) {
  const { username } = usePerson();
  const { views, save, remove } = useSavedViews();
  const counts = useMemo(
    () =>
      new Map(
        ALERT_VIEWS.filter(({ value }) => COUNTED.has(value)).map((view) => {
          const all = readFilters(new URLSearchParams({ view: view.value }));
          return [view.value, alerts.filter((alert) => matches(alert, all, { username, now: 0 })).length];
        }),
      ),
    [alerts, username],
  );
  const here = viewQuery(filters.query);
  const saved = views.find(({ query }) => query === here);
  return (
    <div className="flex h-10 flex-none items-stretch border-b border-line-strong bg-surface">
      <nav
        aria-label="Views"
        className="flex min-w-0 flex-1 items-stretch gap-0.5 overflow-x-auto px-2.5 [scrollbar-width:none]"
      >
        {ALERT_VIEWS.map(({ value, label }) => (
          <Tab
            key={value}
            current={saved === undefined && filters.view.value === value}
            onClick={() => onChange({ view: value === "open" ? undefined : value })}
          >
            {label}
            {(counts.get(value) ?? 0) > 0 && <Count value={counts.get(value) ?? 0} />}
          </Tab>
        ))}
        {views.map(({ name, query }) => (
          <span key={name} className="flex items-center">
            <Tab current={saved?.name === name} onClick={() => onReplace(query)}>
              {name}
            </Tab>
            {saved?.name === name && (
              <Button
                look="ghost"
                size="small"
                icon
                aria-label={`Forget the view ${name}`}
                onClick={() => remove(name)}
              >
                <X aria-hidden="true" className="size-3" />
              </Button>
            )}
          </span>
        ))}
        {saved === undefined && here !== "" && (
          <SaveView
            taken={ALERT_VIEWS.map(({ label }) => label)}
            onSave={(name) => save({ name, query: here })}
          />
        )}
      </nav>
      <span className="flex flex-none items-center pr-2.5">
        <NoticeMenu />
      </span>
    </div>
  );
}

function SaveView({ taken, onSave }: { taken: readonly string[]; onSave: (name: string) => void }) {
  const [name, setName] = useState<string>();
  if (name === undefined)
    return (
      <button
        type="button"
        onClick={() => setName("")}
        className="flex items-center gap-1.5 px-2.5 font-medium whitespace-nowrap text-muted hover:text-text"
      >
        <Plus aria-hidden="true" className="size-3.5" />
        Save view
      </button>
    );
  const wanted = name.trim();
  const usable = wanted !== "" && !taken.some((one) => one.toLowerCase() === wanted.toLowerCase());
  return (
    <form
      className="flex items-center gap-1.5 px-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) onSave(wanted);
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it replaces the button that was pressed
        autoFocus
        aria-label="Name of the view"
        placeholder="Name of the view"
        value={name}
        maxLength={40}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setName(undefined)}
        className="h-7 w-36 rounded-2 border border-control bg-raised px-2 text-12 max-phone:text-16"
      />
      <Button type="submit" size="small" disabled={!usable}>
        Save
      </Button>
    </form>
  );
}
