"use client";
import { LayoutGrid, Rows3, Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Rule } from "../../../lib/domain/rule.ts";
import { canAct, useAlertActions } from "../alerts/alert-actions.ts";
import { useRules } from "../api/use-rules.ts";
import { useMay } from "../frame/principal.tsx";
import { RealtimeAlerts } from "../realtime-alerts.tsx";
import { useAssets, useReady } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { Key } from "../ui/key.tsx";
import { isTyping, singleKeysOn } from "../ui/keys.ts";
import { Empty } from "../ui/notes.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useUrlQuery } from "../ui/use-url-query.ts";
import { FeedHead } from "./feed-head.tsx";
import { FleetEmpty } from "./fleet-empty.tsx";
import { FleetGrid } from "./fleet-grid.tsx";
import { FleetTable } from "./fleet-table.tsx";
import { readView, viewRows } from "./fleet-view.ts";
import type { Watched } from "./live-pane.tsx";
import { LivePaneSkeleton } from "./live-pane-skeleton.tsx";
import type { FleetRow } from "./rows.ts";
import { Strip } from "./strip.tsx";
import { useFleet } from "./use-fleet.ts";

// What draws charts comes after the list that people came for.
const LivePane = dynamic(() => import("./live-pane.tsx").then((found) => found.LivePane), {
  ssr: false,
  loading: LivePaneSkeleton,
});
// So does what opens lists: choosing comes after looking.
const FleetChoices = dynamic(() => import("./fleet-choices.tsx").then((found) => found.FleetChoices), {
  ssr: false,
  loading: () => <span className="h-7 w-52 max-phone:h-9" />,
});
const NO_RULES: readonly Rule[] = [];

/** The first row's sensor of most need, until the reader chooses. */
function firstToWatch(rows: readonly FleetRow[]): Watched | undefined {
  const [row] = rows;
  const sensor_id = row && ("sensor_id" in row.why ? (row.why.sensor_id ?? row.sensors[0]) : row.sensors[0]);
  return row && sensor_id !== undefined ? { asset_id: row.asset_id, sensor_id } : undefined;
}

export function FleetPage() {
  const ready = useReady();
  const assets = useAssets();
  const { rules = NO_RULES } = useRules();
  const mayOperate = useMay("operate");
  const mayUpload = useMay("upload");
  const [holding, setHolding] = useState(false);
  const { rows, held } = useFleet(holding);
  const { query, change } = useUrlQuery();
  const view = useMemo(() => readView(query), [query]);
  const { text: filter, type = "all", group, layout, density } = view;
  const [chosen, setChosen] = useState<Watched>();
  const search = useRef<HTMLInputElement>(null);
  const wanted = useDeferredValue(view);
  const types = useMemo(() => [...new Set(assets.map(({ asset_type }) => asset_type))].sort(), [assets]);
  const shown = useMemo(() => viewRows(rows, wanted), [rows, wanted]);
  const units = useMemo(
    () =>
      new Map(
        assets.map((asset) => [
          asset.asset_id,
          new Map(asset.sensors.map(({ sensor_id, unit }) => [sensor_id, unit])),
        ]),
      ),
    [assets],
  );
  const first = useRef<Watched | undefined>(undefined);
  first.current ??= firstToWatch(rows);
  const watched = chosen ?? first.current;
  const watch = useCallback((asset_id: string, sensor_id: string) => setChosen({ asset_id, sensor_id }), []);
  const { act, busy } = useAlertActions();

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event) || !singleKeysOn()) return;
      if (event.key === "d") change({ density: density === "compact" ? undefined : "compact" });
      if (event.key !== "/") return;
      event.preventDefault();
      search.current?.focus();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [change, density]);

  if (ready && assets.length === 0)
    return (
      <main>
        <h1 className="sr-only">Fleet</h1>
        <Strip rows={rows} ready={ready} />
        <FleetEmpty mayUpload={mayUpload} />
      </main>
    );

  return (
    <main className="flex flex-1 flex-col">
      <h1 className="sr-only">Fleet</h1>
      <Strip rows={rows} ready={ready} />
      <div className="grid flex-1 grid-cols-[minmax(0,1fr)_20rem] max-wide:grid-cols-[minmax(0,1fr)_17rem] max-pane:grid-cols-1">
        <div className="min-w-0 bg-surface">
          {watched && <LivePane assets={assets} rules={rules} watched={watched} onWatch={setChosen} />}
          <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-4 py-2 max-phone:px-3">
            <search className="relative">
              <Search
                aria-hidden="true"
                className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-faint"
              />
              <input
                ref={search}
                type="search"
                value={filter}
                onChange={(event) => change({ q: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key === "Escape") {
                    change({ q: undefined });
                    event.currentTarget.blur();
                  }
                }}
                placeholder="Filter assets"
                aria-label="Filter assets"
                className="h-7 w-52 rounded-2 border border-control bg-raised pr-7 pl-7 text-12 max-phone:h-9 max-phone:w-44 max-phone:text-16"
              />
              <span className="pointer-events-none absolute top-1/2 right-1.5 -translate-y-1/2">
                {filter === "" && <Key>/</Key>}
              </span>
            </search>
            <FleetChoices types={types} type={type} group={group} change={change} />
            <span className="ml-auto text-12 text-faint max-wide:hidden" role="status">
              {held ? "Order held while you point at it" : "Sorted by risk, remaining life, health"}
            </span>
            {layout === "table" && (
              <Segmented
                label="Density"
                value={density}
                onChange={(next) => change({ density: next === "need" ? undefined : next })}
                options={[
                  { value: "compact", label: "Compact" },
                  { value: "need", label: "By need" },
                ]}
                className="max-wide:ml-auto max-phone:hidden"
              />
            )}
            <Segmented
              label="Layout"
              value={layout}
              onChange={(next) => change({ layout: next === "table" ? undefined : next })}
              options={[
                { value: "table", label: <Rows3 aria-hidden="true" className="size-3.5" />, title: "Table" },
                {
                  value: "grid",
                  label: <LayoutGrid aria-hidden="true" className="size-3.5" />,
                  title: "Tiles",
                },
              ]}
              className={layout === "grid" ? "max-wide:ml-auto" : undefined}
            />
          </div>
          {!ready && assets.length === 0 ? (
            <SkeletonRows rows={10} label="Loading assets" />
          ) : shown.length === 0 ? (
            <div className="p-4">
              <Empty title={filter === "" ? "Nothing of this type" : `Nothing matches “${filter}”`}>
                <Button onClick={() => change({ q: undefined, type: undefined })}>Clear filters</Button>
              </Empty>
            </div>
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: pointing at the list holds its order
            <div
              onPointerEnter={(event) => event.pointerType === "mouse" && setHolding(true)}
              onPointerLeave={() => setHolding(false)}
              onFocus={() => setHolding(true)}
              onBlur={() => setHolding(false)}
            >
              {layout === "grid" ? (
                <FleetGrid rows={shown} group={wanted.group} units={units} />
              ) : (
                <FleetTable
                  rows={shown}
                  group={wanted.group}
                  compact={density === "compact"}
                  units={units}
                  watched={watched?.asset_id}
                  onWatch={watch}
                />
              )}
            </div>
          )}
        </div>
        <aside
          aria-label="Alerts"
          className="sticky top-11 flex h-[calc(100dvh-2.75rem)] min-w-0 flex-col overflow-hidden border-l border-line-strong bg-surface max-pane:static max-pane:h-auto max-pane:border-t max-pane:border-l-0"
        >
          <FeedHead />
          <div className="min-h-0 flex-1 overflow-y-auto">
            <RealtimeAlerts
              empty={
                <p className="p-4 text-12 text-muted">Nothing open. New alerts appear here by themselves.</p>
              }
              {...(mayOperate && {
                actions: (alert) =>
                  canAct("acknowledge", alert) && (
                    <Button
                      size="small"
                      disabled={busy.has(alert.id)}
                      aria-label={`Acknowledge ${alert.title}, ${alert.asset_id}`}
                      onClick={() => void act("acknowledge", [alert])}
                    >
                      Acknowledge
                    </Button>
                  ),
              })}
            />
          </div>
        </aside>
      </div>
    </main>
  );
}
