"use client";
import Link from "next/link";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useMay } from "../frame/principal.tsx";
import { useAlerts } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Failure } from "../ui/failure.tsx";
import { plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { Empty } from "../ui/notes.tsx";
import { SeverityGlyph } from "../ui/severity.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useAlertActions } from "./alert-actions.ts";
import { AlertFilterBar } from "./alert-filter-bar.tsx";
import { AlertPanel } from "./alert-panel.tsx";
import { AlertTable } from "./alert-table.tsx";
import { AlertViews } from "./alert-views.tsx";
import { AlertAnnouncer } from "./announcer.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { writeSort } from "./filters.ts";
import { KeyBar, KeysDialog } from "./key-help.tsx";
import { useAlertKeys } from "./use-alert-keys.ts";
import { useAlertList } from "./use-alert-list.ts";
import { useFilters } from "./use-filters.ts";
import { useHeld } from "./use-held.ts";

export function AlertsPage() {
  const [filters, change, replace] = useFilters();
  const { alerts, loading, error, reload, more } = useAlertList(filters);
  const live = useAlerts();
  const mayOperate = useMay("operate");
  const { act, busy, undo } = useAlertActions();
  const { view, severity, asset_id, text, raised, sort } = filters;
  const scope = JSON.stringify([view.value, severity, asset_id, text, raised, sort]);
  const held = useHeld(alerts, scope);
  const { shown, waiting, show } = held;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string>();
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);

  const selected = useMemo(() => shown.filter(({ id }) => chosen.has(id)), [shown, chosen]);
  const opened = filters.alert;
  const open = useCallback((id: string | undefined) => change({ alert: id }), [change]);
  const openAlert = useCallback(
    (id: string) => {
      setCursor(id);
      open(id);
    },
    [open],
  );
  const select = useCallback((id: string, on: boolean) => {
    setChosen((before) => {
      const next = new Set(before);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const clear = useCallback(() => setChosen(new Set()), []);

  useAlertKeys({
    shown,
    cursor,
    setCursor,
    chosen,
    select,
    clear,
    opened,
    open,
    search,
    help: () => setHelp(true),
    act: (action, some) => {
      if (!mayOperate) return;
      void act(action, some).then(clear);
    },
    undo,
  });
  useEffect(() => {
    if (cursor !== undefined)
      document.getElementById(`alert-${cursor}`)?.scrollIntoView({ block: "nearest" });
  }, [cursor]);

  return (
    <main className="flex min-h-0 flex-1 flex-col pane:h-[calc(100dvh-2.75rem)] pane:flex-none">
      <h1 className="sr-only">Alerts</h1>
      <AlertAnnouncer alerts={live} />
      <AlertViews filters={filters} alerts={live} onChange={change} onReplace={replace} />
      <AlertFilterBar filters={filters} alerts={shown} onChange={change} search={search} />
      <div
        className={cn(
          "grid min-h-0 flex-1 max-pane:grid-cols-1",
          opened ? "grid-cols-[minmax(0,1fr)_27rem]" : "grid-cols-1",
        )}
      >
        <div className="relative flex min-h-0 min-w-0 flex-col bg-surface">
          {waiting > 0 && (
            <div
              role="status"
              className="flex min-h-[1.875rem] flex-none items-center gap-2 border-b border-line bg-info-tint px-4 text-12"
            >
              <SeverityGlyph kind="info" />
              <b className="font-semibold">{plural(waiting, "new alert")}</b>
              <span className="text-muted max-phone:hidden">
                held back while the pointer or the focus is in the list
              </span>
              <Button size="small" className="ml-auto" aria-keyshortcuts="." onClick={show}>
                Show <Key>.</Key>
              </Button>
            </div>
          )}
          {error !== undefined && (
            <div className="border-b border-line p-3">
              <Failure title="Stored alerts could not be read." error={error} onRetry={reload}>
                Live alerts still arrive.
              </Failure>
            </div>
          )}
          {loading ? (
            <SkeletonRows rows={12} label="Loading alerts" />
          ) : shown.length === 0 ? (
            <NoAlerts
              filtered={
                severity !== undefined || asset_id !== undefined || raised !== undefined || text !== ""
              }
              view={filters.view.label}
              onClear={() =>
                change({ severity: undefined, asset: undefined, q: undefined, raised: undefined })
              }
            />
          ) : (
            <AlertTable
              held={held}
              chosen={chosen}
              cursor={cursor}
              sort={filters.sort}
              onSort={(sort) => change({ sort: writeSort(sort) })}
              onSelect={select}
              onSelectAll={(on) => setChosen(new Set(on ? shown.map(({ id }) => id) : []))}
              onOpen={openAlert}
              onMore={more}
            />
          )}
          {selected.length > 0 && (
            <BulkBar
              alerts={selected}
              mayOperate={mayOperate}
              busy={busy.size > 0}
              onAct={(action, options) => void act(action, selected, options).then(clear)}
              onClear={clear}
            />
          )}
        </div>
        {opened !== undefined && (
          <AlertPanel
            key={opened}
            id={opened}
            live={live.find(({ id }) => id === opened)}
            mayOperate={mayOperate}
            busy={busy.has(opened)}
            onAct={(action, some, options) => void act(action, some, options)}
            onClose={() => open(undefined)}
          />
        )}
      </div>
      <KeyBar total={loading ? undefined : alerts.length} mayOperate={mayOperate} />
      <KeysDialog open={help} onOpenChange={setHelp} />
    </main>
  );
}

function NoAlerts({ filtered, view, onClear }: { filtered: boolean; view: string; onClear: () => void }) {
  return (
    <div className="p-4">
      {filtered ? (
        <Empty title="Nothing matches these filters">
          <Button onClick={onClear}>Clear filters</Button>
        </Empty>
      ) : (
        <Empty title={view === "Open" ? "No open alerts" : `No alerts in “${view}”`}>
          <p>The rules watch every reading; what they find appears here by itself.</p>
          <Button asChild>
            <Link href="/settings#rules">See the rules</Link>
          </Button>
        </Empty>
      )}
    </div>
  );
}
