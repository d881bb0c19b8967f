"use client";
import Link from "next/link";
import { type ReactNode, useMemo } from "react";
import type { WireAlert } from "../../lib/protocol/messages.ts";
import { AlertAnnouncer } from "./alerts/announcer.tsx";
import { type AlertGroup, compareAlerts, groupOf } from "./alerts/order.ts";
import { useHeld } from "./alerts/use-held.ts";
import { sensorName } from "./fleet/names.ts";
import { useAlerts } from "./stream.ts";
import { Age } from "./ui/age.tsx";
import { Button } from "./ui/button.tsx";
import { cn } from "./ui/cn.ts";
import { formatValue, plural } from "./ui/format.ts";
import { Key } from "./ui/key.tsx";
import { SeverityGlyph, severityWord, stateWord } from "./ui/severity.tsx";

export interface RealtimeAlertsProps {
  /** Only those of one asset. */
  asset_id?: string;
  /** How many are in the document at once; the rest is counted. */
  limit?: number;
  /** Buttons for an alert that nobody has taken yet. */
  actions?: (alert: WireAlert) => ReactNode;
  /** Shown where there is none. */
  empty?: ReactNode;
  className?: string;
}

/**
 * The alerts of the tenant as they happen: not acknowledged, acknowledged, closed, each by severity and newest first.
 * While the pointer or the focus is in the list, new ones wait and say so, so that nothing moves under a click. Needs
 * a `RealtimeProvider` around it.
 */
export function RealtimeAlerts({ asset_id, limit = 60, actions, empty, className }: RealtimeAlertsProps) {
  const alerts = useAlerts();
  const sorted = useMemo(
    () => alerts.filter((alert) => asset_id === undefined || alert.asset_id === asset_id).sort(compareAlerts),
    [alerts, asset_id],
  );
  const { shown, waiting, show, hold } = useHeld(sorted);
  const groups = useMemo(() => groupsOf(shown), [shown]);
  let room = limit;
  /** The first ones, as long as there is room; the heads count all. */
  const take = (members: readonly WireAlert[]) => {
    const some = members.slice(0, room);
    room -= some.length;
    return some;
  };

  return (
    <div className={cn("min-w-0", className)} {...hold}>
      <AlertAnnouncer alerts={sorted} />
      {waiting > 0 && (
        <div
          role="status"
          className="sticky top-0 z-1 flex h-8 items-center gap-2 border-b border-line bg-info-tint px-3 text-12"
        >
          <b className="font-semibold">{plural(waiting, "new alert")}</b>
          <span className="ell text-muted">held back</span>
          <Button size="small" className="ml-auto" onClick={show}>
            Show <Key>.</Key>
          </Button>
        </div>
      )}
      {shown.length === 0 && (empty ?? <p className="p-4 text-12 text-muted">No alerts.</p>)}
      {groups.map(([group, members]) => (
        <section key={group} aria-label={group}>
          <h3 className="flex h-7 items-center gap-2.5 border-b border-line bg-canvas px-3 text-12 font-semibold">
            {group} <span className="font-normal text-muted">{members.length}</span>
          </h3>
          <ul>
            {take(members).map((alert) => (
              <FeedItem key={alert.id} alert={alert} named={asset_id === undefined} actions={actions} />
            ))}
          </ul>
        </section>
      ))}
      {shown.length > limit && (
        <p className="px-3 py-2 text-12 text-muted">
          and {shown.length - limit} more on{" "}
          <Link href="/alerts" className="link">
            Alerts
          </Link>
        </p>
      )}
    </div>
  );
}

function groupsOf(alerts: readonly WireAlert[]): [AlertGroup, WireAlert[]][] {
  const groups = new Map<AlertGroup, WireAlert[]>();
  for (const alert of alerts) {
    const group = groupOf(alert);
    const held = groups.get(group);
    if (held) held.push(alert);
    else groups.set(group, [alert]);
  }
  return [...groups];
}

function FeedItem({
  alert,
  named,
  actions,
}: {
  alert: WireAlert;
  named: boolean;
  actions: ((alert: WireAlert) => ReactNode) | undefined;
}) {
  const open = alert.state === "open";
  const closed = groupOf(alert) === "Closed";
  const where = named
    ? alert.asset_id
    : alert.sensor_id === undefined
      ? ""
      : sensorName(alert.asset_id, alert.sensor_id);
  return (
    <li
      className={cn(
        "grid grid-cols-[1rem_minmax(0,1fr)_auto] gap-x-2 border-b border-line px-3 py-2 leading-4",
        open && alert.severity === "critical" && "bg-critical-tint",
      )}
    >
      <span className="row-span-2 mt-px">
        <SeverityGlyph kind={closed ? "resolved" : alert.severity} label={severityWord(alert.severity)} />
      </span>
      <Link
        href={`/alerts?alert=${encodeURIComponent(alert.id)}&view=all`}
        title={alert.title}
        className={cn(
          "line-clamp-2 [overflow-wrap:anywhere] hover:underline",
          open ? "font-medium" : "text-muted",
        )}
      >
        {alert.title}
      </Link>
      <span className="text-12 text-faint">
        <Age at={Date.parse(alert.raised_at)} late_after={0} />
      </span>
      <span className="col-[2/4] flex min-h-5 min-w-0 items-center justify-between gap-2 text-12 text-muted">
        <span className="ell">
          {[where, alert.metric_value === null ? undefined : formatValue(alert.metric_value, alert.unit)]
            .filter(Boolean)
            .join(" · ")}
          {alert.occurrences > 1 && ` · ${alert.occurrences} times`}
        </span>
        {open ? actions?.(alert) : <span>{alert.owner ?? stateWord(alert.state).toLowerCase()}</span>}
      </span>
    </li>
  );
}
