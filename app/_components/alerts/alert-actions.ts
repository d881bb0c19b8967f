"use client";
import { useCallback, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { request, sentenceOf } from "../api/request.ts";
import { plural } from "../ui/format.ts";
import { toast } from "../ui/toast.tsx";

export type AlertAction = "acknowledge" | "resolve";

/** What each action can still be done to. */
export function canAct(action: AlertAction, alert: Pick<WireAlert, "state">): boolean {
  return action === "acknowledge"
    ? alert.state === "open" || alert.state === "cleared"
    : alert.state !== "resolved";
}

const DONE: Record<AlertAction, string> = { acknowledge: "acknowledged", resolve: "resolved" };

/** At most so many requests at once. */
const AT_ONCE = 4;

/** Acknowledges or resolves alerts; what failed is said, with another try. The stream brings the new states. */
export function useAlertActions(): {
  busy: ReadonlySet<string>;
  act: (action: AlertAction, alerts: readonly WireAlert[], comment?: string) => Promise<void>;
} {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());

  const act = useCallback(
    async (action: AlertAction, alerts: readonly WireAlert[], comment?: string): Promise<void> => {
      const able = alerts.filter((alert) => canAct(action, alert));
      if (able.length === 0) return;
      const ids = able.map(({ id }) => id);
      setBusy((before) => new Set([...before, ...ids]));
      const failed: { alert: WireAlert; why: string }[] = [];
      const queue = [...able];
      const work = async () => {
        for (let alert = queue.shift(); alert !== undefined; alert = queue.shift()) {
          try {
            await request(`/api/alerts/${encodeURIComponent(alert.id)}/${action}`, {
              method: "POST",
              body: comment?.trim() ? { comment: comment.trim() } : {},
            });
          } catch (error) {
            failed.push({ alert, why: sentenceOf(error) });
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, able.length) }, work));
      setBusy((before) => new Set([...before].filter((id) => !ids.includes(id))));
      const done = able.length - failed.length;
      if (done > 0)
        toast({
          kind: "resolved",
          title:
            able.length === 1
              ? `${able[0]!.title} ${DONE[action]}`
              : `${plural(done, "alert")} ${DONE[action]}`,
          detail: [...new Set(able.map(({ asset_id }) => asset_id))].slice(0, 3).join(", "),
        });
      if (failed.length > 0)
        toast({
          kind: "critical",
          title: `${failed.length} of ${able.length} not ${DONE[action]}`,
          detail: failed[0]!.why,
          action: {
            label: "Try again",
            run: () =>
              void act(
                action,
                failed.map(({ alert }) => alert),
                comment,
              ),
          },
        });
    },
    [],
  );
  return { busy, act };
}
