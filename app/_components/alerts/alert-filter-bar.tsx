"use client";
import { Download, Search } from "lucide-react";
import type { RefObject } from "react";
import { SEVERITIES } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useAssets } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { Key } from "../ui/key.tsx";
import { Select } from "../ui/select.tsx";
import { severityWord } from "../ui/severity.tsx";
import { downloadCsv } from "./csv.ts";
import { type AlertFilters, RAISED } from "./filters.ts";

const ALL = "";

export function AlertFilterBar({
  filters,
  alerts,
  onChange,
  search,
}: {
  filters: AlertFilters;
  /** What is shown, to download. */
  alerts: readonly WireAlert[];
  onChange: (change: Record<string, string | undefined>) => void;
  search: RefObject<HTMLInputElement | null>;
}) {
  const assets = useAssets();
  const ids = assets.map(({ asset_id }) => asset_id);
  if (filters.asset_id !== undefined && !ids.includes(filters.asset_id)) ids.push(filters.asset_id);
  return (
    <div className="flex min-h-11 flex-none flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2 max-phone:px-3">
      <search className="relative">
        <Search aria-hidden="true" className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint" />
        <input
          ref={search}
          type="search"
          aria-label="Filter alerts"
          placeholder="Filter alerts"
          value={filters.text}
          onChange={(event) => onChange({ q: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              onChange({ q: undefined });
              event.currentTarget.blur();
            }
          }}
          className="h-7 w-52 rounded-2 border border-control bg-raised pr-7 pl-7 text-12 max-phone:h-9 max-phone:w-40 max-phone:text-16"
        />
        <span className="pointer-events-none absolute top-1/2 right-1.5 -translate-y-1/2">
          {filters.text === "" && <Key>/</Key>}
        </span>
      </search>
      <Select
        caption="Severity"
        value={filters.severity ?? "all"}
        onChange={(severity) => onChange({ severity: severity === "all" ? ALL : severity })}
        options={[
          { value: "all", label: "All" },
          ...[...SEVERITIES].reverse().map((value) => ({ value, label: severityWord(value) })),
        ]}
      />
      <Select
        caption="Asset"
        value={filters.asset_id === undefined ? "all" : `=${filters.asset_id}`}
        onChange={(value) => onChange({ asset: value === "all" ? ALL : value.slice(1) })}
        options={[{ value: "all", label: "All" }, ...ids.map((id) => ({ value: `=${id}`, label: id }))]}
      />
      <Select
        caption="Raised"
        value={filters.raised ?? "any"}
        onChange={(raised) => onChange({ raised: raised === "any" ? ALL : raised })}
        options={[
          { value: "any", label: "any time" },
          ...RAISED.map(({ value, label }) => ({ value, label })),
        ]}
      />
      {filters.sort === undefined ? (
        <span className="ml-auto text-12 text-faint max-pane:hidden">By severity, newest first</span>
      ) : (
        <Button look="ghost" className="ml-auto" onClick={() => onChange({ sort: undefined })}>
          Back to severity, newest first
        </Button>
      )}
      <Button onClick={() => downloadCsv(alerts)} disabled={alerts.length === 0}>
        <Download aria-hidden="true" className="size-3.5" />
        CSV
      </Button>
    </div>
  );
}
