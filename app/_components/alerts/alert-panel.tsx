"use client";
import { Link2, X } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useEffect, useState } from "react";
import type { AlertEventKind } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { codeOfError, request, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { assetHref } from "../fleet/fleet-row.tsx";
import { sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age, When } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Input } from "../ui/field.tsx";
import { formatValue, plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { Note } from "../ui/notes.tsx";
import { AlertStateTag, SeverityTag } from "../ui/severity.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { toast } from "../ui/toast.tsx";
import { type AlertAction, canAct } from "./alert-actions.ts";

interface Detail {
  alert: WireAlert;
  events: { seq: number; kind: AlertEventKind; at: string; by: string; comment?: string; alert: WireAlert }[];
}

const KINDS: Record<AlertEventKind, string> = {
  raised: "Raised",
  recurred: "Recurred",
  escalated: "Escalated",
  acknowledged: "Acknowledged",
  cleared: "Cleared by itself",
  resolved: "Resolved",
  shelved: "Shelved",
  unshelved: "Brought back",
  commented: "Comment",
};

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
  onAct: (action: AlertAction, alerts: WireAlert[]) => void;
  onClose: () => void;
}) {
  const { data, error, loading, reload, set } = useRequest<Detail>(`/api/alerts/${encodeURIComponent(id)}`);
  const changed = live?.updated_at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history is asked again when the alert changes
  useEffect(() => {
    if (changed !== undefined) reload();
  }, [changed]);
  const alert = live ?? (data?.alert.id === id ? data.alert : undefined);

  return (
    <aside
      aria-label="Alert"
      className="flex min-w-0 flex-col overflow-y-auto border-l border-line-strong bg-raised max-pane:fixed max-pane:inset-0 max-pane:z-(--z-panel) max-pane:border-l-0 max-pane:pt-11 max-phone:pt-12 max-phone:pb-14"
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
          <Note
            kind="critical"
            title="The alert could not be read."
            code={codeOfError(error)}
            actions={
              <Button size="small" onClick={reload}>
                Try again
              </Button>
            }
          >
            {sentenceOf(error)}
          </Note>
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
          <Facts alert={alert} />
          <History detail={data?.alert.id === id ? data : undefined} />
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

function Facts({ alert }: { alert: WireAlert }) {
  const latest = useLatest(alert.asset_id, alert.sensor_id);
  const facts: [string, React.ReactNode][] = [
    ["State", <AlertStateTag key="state" state={alert.state} />],
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

function History({ detail }: { detail: Detail | undefined }) {
  return (
    <section className="px-4 py-3" aria-label="History">
      <h3 className="mb-2 flex justify-between text-12 font-semibold">
        History{" "}
        <span className="font-normal text-faint">{detail && plural(detail.events.length, "event")}</span>
      </h3>
      {detail === undefined ? (
        <div className="grid gap-2.5" role="status" aria-label="Loading the history">
          <Skeleton className="w-full" />
          <Skeleton className="w-4/5" />
        </div>
      ) : (
        <ol>
          {[...detail.events].reverse().map((event, i) => (
            <li
              key={event.seq}
              className="grid grid-cols-[auto_1rem_minmax(0,1fr)] gap-1 py-[0.1875rem] text-12"
            >
              <When at={Date.parse(event.at)} seconds className="text-muted" />
              <span
                aria-hidden="true"
                className={cn(
                  "mt-1 ml-0.5 size-[0.4375rem] rounded-full border-[1.5px] border-muted",
                  i === 0 && "border-text bg-text",
                )}
              />
              <span className="[overflow-wrap:anywhere]">
                {KINDS[event.kind]}
                {(event.kind === "raised" || event.kind === "recurred") &&
                  event.alert.metric_value !== null &&
                  ` at ${formatValue(event.alert.metric_value, event.alert.unit)}`}
                {event.by !== "rules" && <span className="text-muted"> by {event.by}</span>}
                {event.comment && <span className="block text-muted">“{event.comment}”</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function CommentForm({ id, onDone }: { id: string; onDone: (detail: Detail) => void }) {
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (comment.trim() === "") return;
    setBusy(true);
    try {
      onDone(
        await request<Detail>(`/api/alerts/${encodeURIComponent(id)}/comment`, {
          method: "POST",
          body: { comment: comment.trim() },
        }),
      );
      setComment("");
    } catch (error) {
      toast({ kind: "critical", title: "Comment not saved", detail: sentenceOf(error) });
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => void submit(event)}
      className="sticky bottom-0 mt-auto flex gap-2 border-t border-line bg-raised px-4 py-3"
    >
      <Input
        value={comment}
        maxLength={2_000}
        onChange={(event) => setComment(event.target.value)}
        aria-label="Comment, seen by everyone"
        placeholder="Comment, seen by everyone"
        className="h-7 flex-1 text-12"
      />
      <Button type="submit" disabled={busy || comment.trim() === ""}>
        Add
      </Button>
    </form>
  );
}
