"use client";
import { Link2, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useRequest } from "../api/use-request.ts";
import { assetHref } from "../fleet/fleet-row.tsx";
import { sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age, When } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Failure } from "../ui/failure.tsx";
import { formatValue, plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { AlertStateTag, SeverityTag } from "../ui/severity.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { toast } from "../ui/toast.tsx";
import { shownUnits } from "../ui/units.ts";
import { type ActOptions, type AlertAction, canAct } from "./alert-actions.ts";
import { AlertChart } from "./alert-chart.tsx";
import { AlertHistory, CommentForm, type Detail } from "./alert-history.tsx";
import { ShelveMenu } from "./shelve-menu.tsx";
import { WhatToDo } from "./what-to-do.tsx";

/** One alert with its history, beside the list; on a phone instead of it. */
export function AlertPanel({
  id,
  live,
  mayOperate,
  busy,
  onAct,
  onClose,
}: {
  id: string;
  /** The alert as the stream knows it now. */
  live: WireAlert | undefined;
  mayOperate: boolean;
  busy: boolean;
  onAct: (action: AlertAction, alerts: WireAlert[], options?: ActOptions) => void;
  onClose: () => void;
}) {
  const asked = useRequest<Detail>(`/api/alerts/${encodeURIComponent(id)}`);
  const { error, loading, reload, set } = asked;
  const data = useMemo(() => asked.data && inShownUnits(asked.data), [asked.data]);
  const changed = live?.updated_at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history is asked again when the alert changes
  useEffect(() => {
    if (changed !== undefined) reload();
  }, [changed]);
  const alert = live ?? (data?.alert.id === id ? data.alert : undefined);

  return (
    <aside
      aria-label="Alert"
      className="flex min-w-0 flex-col overflow-y-auto border-l border-line-strong bg-raised max-pane:fixed max-pane:inset-x-0 max-pane:top-11 max-pane:bottom-0 max-pane:z-(--z-panel) max-pane:border-l-0 max-phone:top-12 max-phone:bottom-14"
    >
      <div className="flex items-center gap-1 px-4 pt-3">
        {alert && <SeverityTag kind={alert.severity} />}
        <span className="ml-auto" />
        <Button
          look="ghost"
          icon
          aria-label="Copy a link to this alert"
          onClick={() =>
            void navigator.clipboard
              ?.writeText(window.location.href)
              .then(() => toast({ kind: "resolved", title: "Link copied" }))
          }
        >
          <Link2 aria-hidden="true" className="size-4" />
        </Button>
        <Button look="ghost" icon aria-label="Close the panel" aria-keyshortcuts="Escape" onClick={onClose}>
          <X aria-hidden="true" className="size-4" />
        </Button>
      </div>
      {!alert && error !== undefined && (
        <div className="p-4">
          <Failure title="The alert could not be read." error={error} onRetry={reload} />
        </div>
      )}
      {!alert && error === undefined && loading && (
        <div className="grid gap-3 p-4" role="status" aria-label="Loading the alert">
          <Skeleton className="h-5 w-3/4" />
          <Skeleton className="w-1/2" />
          <Skeleton className="mt-4 w-full" />
        </div>
      )}
      {alert && (
        <>
          <div className="border-b border-line px-4 pb-3">
            <h2 className="text-16 leading-[1.375rem] font-semibold [overflow-wrap:anywhere]">
              {alert.title}
            </h2>
            <p className="mt-1 text-muted">
              {alert.asset_id}, since <When at={Date.parse(alert.raised_at)} seconds />,{" "}
              <Age at={Date.parse(alert.raised_at)} late_after={0} />, {alert.owner ?? "no owner"}
            </p>
            <div className="mt-3 flex flex-wrap gap-2">
              <Button
                look="primary"
                disabled={!mayOperate || busy || !canAct("acknowledge", alert)}
                aria-keyshortcuts="a"
                onClick={() => onAct("acknowledge", [alert])}
              >
                Acknowledge <Key>A</Key>
              </Button>
              <Button
                disabled={!mayOperate || busy || !canAct("resolve", alert)}
                aria-keyshortcuts="r"
                onClick={() => onAct("resolve", [alert])}
              >
                Resolve <Key>R</Key>
              </Button>
              {alert.state === "shelved" ? (
                <Button disabled={!mayOperate || busy} onClick={() => onAct("unshelve", [alert])}>
                  Bring back
                </Button>
              ) : (
                <ShelveMenu
                  disabled={!mayOperate || busy || !canAct("shelve", alert)}
                  onShelve={(for_s) => onAct("shelve", [alert], { for_s })}
                />
              )}
              <Button asChild>
                <Link href={assetHref(alert.asset_id)}>
                  Open asset <Key>O</Key>
                </Link>
              </Button>
            </div>
            {!mayOperate && (
              <p className="mt-2 text-12 text-muted">
                A viewer sees alerts; operators and admins act on them.
              </p>
            )}
          </div>
          {alert.sensor_id !== undefined && <AlertChart alert={{ ...alert, sensor_id: alert.sensor_id }} />}
          <Facts alert={alert} />
          <WhatToDo alert={alert} />
          <AlertHistory detail={data?.alert.id === id ? data : undefined} />
          {mayOperate && (
            <CommentForm
              id={id}
              onDone={(detail) => {
                set(() => detail);
              }}
            />
          )}
        </>
      )}
    </aside>
  );
}

function inShownUnits({ alert, events }: Detail): Detail {
  const units = shownUnits();
  return {
    alert: units.alert(alert),
    events: events.map((event) => ({ ...event, alert: units.alert(event.alert) })),
  };
}

function Facts({ alert }: { alert: WireAlert }) {
  const latest = useLatest(alert.asset_id, alert.sensor_id);
  const facts: [string, React.ReactNode][] = [
    ["State", <AlertStateTag key="state" state={alert.state} />],
    ...(alert.shelved_until === undefined
      ? []
      : ([["Until", <When key="until" at={Date.parse(alert.shelved_until)} />]] as [
          string,
          React.ReactNode,
        ][])),
    ["Times", plural(alert.occurrences, "occurrence")],
    ["Value", formatValue(alert.metric_value, alert.unit)],
    ["Limit", alert.threshold === undefined ? "none" : formatValue(alert.threshold, alert.unit)],
    ...(alert.sensor_id === undefined
      ? []
      : ([["Sensor", sensorName(alert.asset_id, alert.sensor_id)]] as [string, React.ReactNode][])),
    ...(latest === undefined
      ? []
      : ([
          [
            "Now",
            <span key="now">
              {formatValue(latest.value, latest.unit)}, <Age at={latest.received_at} />
            </span>,
          ],
        ] as [string, React.ReactNode][])),
    ["Read at", <When key="at" at={Date.parse(alert.timestamp)} seconds />],
    [
      "Rule",
      <span key="rule" className="[overflow-wrap:anywhere]">
        {alert.rule_id}
      </span>,
    ],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr_auto_1fr] gap-x-3 gap-y-1.5 border-b border-line px-4 py-3 text-12 max-phone:grid-cols-[auto_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
