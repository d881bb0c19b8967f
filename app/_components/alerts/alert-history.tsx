"use client";
import { type FormEvent, useState } from "react";
import type { AlertEventKind } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { request, sentenceOf } from "../api/request.ts";
import { When, ZoneOf } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { Input } from "../ui/field.tsx";
import { formatValue, plural } from "../ui/format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { toast } from "../ui/toast.tsx";

export interface Detail {
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
  unacknowledged: "Acknowledgement taken back",
  reopened: "Reopened",
};

/** Everything that happened to the alert, newest first. */
export function AlertHistory({ detail }: { detail: Detail | undefined }) {
  return (
    <section className="px-4 py-3" aria-label="History">
      <h3 className="mb-2 flex justify-between text-12 font-semibold">
        History{" "}
        <span className="font-normal text-faint">
          {detail && plural(detail.events.length, "event")}
          <ZoneOf />
        </span>
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
              <When at={Date.parse(event.at)} seconds zone={false} className="text-muted" />
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

/** Adds to the history. */
export function CommentForm({ id, onDone }: { id: string; onDone: (detail: Detail) => void }) {
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
