"use client";
import { useCallback, useRef, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { request, sentenceOf } from "../api/request.ts";
import { plural } from "../ui/format.ts";
import { toast } from "../ui/toast.tsx";

export type AlertAction = "acknowledge" | "resolve" | "shelve" | "unshelve";
/** What takes an action back. */
type Undoing = "unacknowledge" | "reopen" | "unshelve";

export interface ActOptions {
  comment?: string | undefined;
  /** How long an alert is set aside. */
  for_s?: number | undefined;
}

/** What each action can still be done to. */
export function canAct(action: AlertAction, { state }: Pick<WireAlert, "state">): boolean {
  switch (action) {
    case "acknowledge":
      return state === "open" || state === "cleared";
    case "resolve":
      return state !== "resolved";
    case "shelve":
      return state === "open" || state === "acknowledged" || state === "cleared";
    case "unshelve":
      return state === "shelved";
  }
}

/** How an action on an alert in this state is taken back; to bring one back from the shelf needs no undoing. */
export function undoingOf(action: AlertAction, { state }: Pick<WireAlert, "state">): Undoing | undefined {
  switch (action) {
    // Acknowledging a cleared alert resolves it.
    case "acknowledge":
      return state === "cleared" ? "reopen" : "unacknowledge";
    case "resolve":
      return "reopen";
    case "shelve":
      return "unshelve";
    case "unshelve":
      return undefined;
  }
}

const DONE: Record<AlertAction | Undoing, string> = {
  acknowledge: "acknowledged",
  resolve: "resolved",
  shelve: "shelved",
  unshelve: "brought back",
  unacknowledge: "open again",
  reopen: "reopened",
};

/** At most so many requests at once. */
const AT_ONCE = 4;

interface Step {
  alert: WireAlert;
  command: AlertAction | Undoing;
  body: object;
}

/** Does the steps, a few at a time. @returns those that failed, each with the reason */
async function perform(steps: readonly Step[]): Promise<{ step: Step; why: string }[]> {
  const failed: { step: Step; why: string }[] = [];
  const queue = [...steps];
  const work = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      try {
        await request(`/api/alerts/${encodeURIComponent(step.alert.id)}/${step.command}`, {
          method: "POST",
          body: step.body,
        });
      } catch (error) {
        failed.push({ step, why: sentenceOf(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, steps.length) }, work));
  return failed;
}

export interface AlertActions {
  busy: ReadonlySet<string>;
  act: (action: AlertAction, alerts: readonly WireAlert[], options?: ActOptions) => Promise<void>;
  /** Takes back what was done last, if anything was. */
  undo: () => void;
}

/** Acts on alerts; what was done can be undone, what failed is said with another try. The stream brings the states. */
export function useAlertActions(): AlertActions {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<(() => void) | undefined>(undefined);

  const run = useCallback(async (steps: readonly Step[], undone?: readonly Step[]): Promise<void> => {
    const [first] = steps;
    if (first === undefined) return;
    const ids = steps.map(({ alert }) => alert.id);
    setBusy((before) => new Set([...before, ...ids]));
    const failed = await perform(steps);
    setBusy((before) => new Set([...before].filter((id) => !ids.includes(id))));
    const lost = new Set(failed.map(({ step }) => step.alert.id));
    const done = steps.filter(({ alert }) => !lost.has(alert.id));
    const back = undone?.filter(({ alert }) => !lost.has(alert.id)) ?? [];
    const undo =
      back.length === 0
        ? undefined
        : () => {
            if (last.current === undo) last.current = undefined;
            void run(back);
          };
    if (undone !== undefined) last.current = undo;
    if (done.length > 0)
      toast({
        kind: "resolved",
        title: `${steps.length === 1 ? first.alert.title : plural(done.length, "alert")} ${DONE[first.command]}`,
        detail: [...new Set(done.map(({ alert }) => alert.asset_id))].slice(0, 3).join(", "),
        ...(undo && { action: { label: "Undo", run: undo } }),
      });
    if (failed.length > 0)
      toast({
        kind: "critical",
        title: `${failed.length} of ${steps.length} not ${DONE[first.command]}`,
        detail: failed[0]!.why,
        action: {
          label: "Try again",
          run: () =>
            void run(
              failed.map(({ step }) => step),
              undone?.filter(({ alert }) => lost.has(alert.id)),
            ),
        },
      });
  }, []);

  const act = useCallback(
    (action: AlertAction, alerts: readonly WireAlert[], { comment, for_s }: ActOptions = {}) => {
      const able = alerts.filter((alert) => canAct(action, alert));
      const body = {
        ...(comment?.trim() && { comment: comment.trim() }),
        ...(for_s !== undefined && { for_s }),
      };
      return run(
        able.map((alert) => ({ alert, command: action, body })),
        able.flatMap((alert) => {
          const command = undoingOf(action, alert);
          return command === undefined ? [] : [{ alert, command, body: {} }];
        }),
      );
    },
    [run],
  );
  const undo = useCallback(() => last.current?.(), []);
  return { busy, act, undo };
}

/** For how long an alert may be set aside. */
export const SHELF_TIMES = [
  { for_s: 3_600, label: "For 1 h" },
  { for_s: 8 * 3_600, label: "For 8 h" },
  { for_s: 86_400, label: "For 1 day" },
  { for_s: 7 * 86_400, label: "For 7 days" },
] as const;
