// biome-ignore-all lint/a11y/useSemanticElements: rows become two lines on a phone, which table elements do not
// biome-ignore-all lint/a11y/useFocusableInteractive: the keyboard's place is the grid's, not the row's
"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { codeOfError, sentenceOf } from "../api/request.ts";
import { useMay } from "../frame/principal.tsx";
import { useAlerts } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/cn.ts";
import { plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { Empty, Note } from "../ui/notes.tsx";
import { SeverityGlyph } from "../ui/severity.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { useAlertActions } from "./alert-actions.ts";
import { AlertFilterBar } from "./alert-filter-bar.tsx";
import { AlertPanel } from "./alert-panel.tsx";
import { AlertRow } from "./alert-row.tsx";
import { AlertViews } from "./alert-views.tsx";
import { AlertAnnouncer } from "./announcer.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { KeyBar, KeysDialog } from "./key-help.tsx";
import { groupOf } from "./order.ts";
import { useAlertKeys } from "./use-alert-keys.ts";
import { useAlertList } from "./use-alert-list.ts";
import { useFilters } from "./use-filters.ts";
import { useHeld } from "./use-held.ts";

export function AlertsPage() {
  const [filters, change] = useFilters();
  const { alerts, loading, error, reload, more } = useAlertList(filters);
  const live = useAlerts();
  const mayOperate = useMay("operate");
  const { act, busy } = useAlertActions();
  const scope = `${filters.view.value} ${filters.severity} ${filters.asset_id} ${filters.text}`;
  const { shown, waiting, show, hold } = useHeld(alerts, scope);
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
  });
  useEffect(() => {
    if (cursor !== undefined)
      document.getElementById(`alert-${cursor}`)?.scrollIntoView({ block: "nearest" });
  }, [cursor]);

  const closedFrom = shown.findIndex((alert) => groupOf(alert) === "Closed");
  const all = shown.length > 0 && selected.length === shown.length;

  return (
    <main className="flex min-h-0 flex-1 flex-col pane:h-[calc(100dvh-2.75rem)] pane:flex-none">
      <h1 className="sr-only">Alerts</h1>
      <AlertAnnouncer alerts={live} />
      <AlertViews filters={filters} alerts={live} onChange={change} />
      <AlertFilterBar filters={filters} onChange={change} search={search} />
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
              <Note
                kind="critical"
                title="Stored alerts could not be read."
                code={codeOfError(error)}
                actions={
                  <Button size="small" onClick={reload}>
                    Try again
                  </Button>
                }
              >
                {sentenceOf(error)} Live alerts still arrive.
              </Note>
            </div>
          )}
          {loading ? (
            <SkeletonRows rows={12} label="Loading alerts" />
          ) : shown.length === 0 ? (
            <NoAlerts
              filtered={
                filters.severity !== undefined || filters.asset_id !== undefined || filters.text !== ""
              }
              view={filters.view.label}
              onClear={() => change({ severity: undefined, asset: undefined, q: undefined })}
            />
          ) : (
            <div
              role="grid"
              aria-label="Alerts, by severity"
              aria-multiselectable="true"
              aria-rowcount={shown.length + 1}
              className="@container/alerts min-h-0 flex-1 overflow-y-auto pb-14"
              {...hold}
            >
              <div role="row" className="arh">
                <div role="columnheader">
                  <Checkbox
                    checked={all ? true : selected.length > 0 ? "indeterminate" : false}
                    aria-label="Select all"
                    onCheckedChange={(on) => setChosen(new Set(on === true ? shown.map(({ id }) => id) : []))}
                  />
                </div>
                <div role="columnheader">Severity</div>
                <div role="columnheader">Alert</div>
                <div role="columnheader">Asset</div>
                <div role="columnheader" className="text-right">
                  Value
                </div>
                <div role="columnheader" className="ar-limit text-right">
                  Limit
                </div>
                <div role="columnheader" className="ar-times text-right">
                  Times
                </div>
                <div role="columnheader">State</div>
                <div role="columnheader">Since</div>
                <div role="columnheader" className="ar-owner">
                  Owner
                </div>
              </div>
              {shown.map((alert, i) => (
                <div key={alert.id} role="rowgroup">
                  {i === closedFrom && i > 0 && (
                    <div
                      role="row"
                      className="flex h-7 items-center border-b border-line bg-canvas px-4 text-12 text-muted"
                    >
                      <div role="gridcell">
                        <b className="font-semibold text-text">Closed</b> {shown.length - i}
                      </div>
                    </div>
                  )}
                  <AlertRow
                    alert={alert}
                    selected={chosen.has(alert.id)}
                    cursor={cursor === alert.id}
                    onSelect={select}
                    onOpen={openAlert}
                  />
                </div>
              ))}
              {more && (
                <div role="row" className="p-3">
                  <div role="gridcell">
                    <Button onClick={more}>Load more</Button>
                  </div>
                </div>
              )}
            </div>
          )}
          {selected.length > 0 && (
            <BulkBar
              alerts={selected}
              mayOperate={mayOperate}
              busy={busy.size > 0}
              onAct={(action, comment) => void act(action, selected, comment).then(clear)}
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
            onAct={(action, some) => void act(action, some)}
            onClose={() => open(undefined)}
          />
        )}
      </div>
      <KeyBar total={alerts.length} mayOperate={mayOperate} />
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
        </Empty>
      )}
    </div>
  );
}
