"use client";
import { X } from "lucide-react";
import { useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { Key } from "../ui/key.tsx";
import { type ActOptions, type AlertAction, canAct } from "./alert-actions.ts";
import { ShelveMenu } from "./shelve-menu.tsx";

/** Docked under the list while some are selected. */
export function BulkBar({
  alerts,
  mayOperate,
  busy,
  onAct,
  onClear,
}: {
  alerts: readonly WireAlert[];
  mayOperate: boolean;
  busy: boolean;
  onAct: (action: AlertAction, options: ActOptions) => void;
  onClear: () => void;
}) {
  const [comment, setComment] = useState("");
  const able = (action: AlertAction) => mayOperate && !busy && alerts.some((alert) => canAct(action, alert));
  return (
    <section
      aria-label="Selected alerts"
      className="absolute inset-x-0 bottom-0 z-(--z-panel) flex min-h-12 flex-wrap items-center gap-2 border-t border-line-strong bg-overlay px-4 py-2 text-12 max-phone:fixed max-phone:bottom-14 max-phone:px-3"
    >
      <b className="font-semibold whitespace-nowrap" role="status">
        {alerts.length} selected
      </b>
      {mayOperate ? (
        <Input
          value={comment}
          maxLength={2_000}
          onChange={(event) => setComment(event.target.value)}
          aria-label="Comment (optional)"
          placeholder="Comment (optional)"
          className="h-7 min-w-32 flex-1 text-12"
        />
      ) : (
        <span className="flex-1 text-muted">A viewer sees alerts; operators and admins act on them.</span>
      )}
      <Button
        look="primary"
        disabled={!able("acknowledge")}
        aria-keyshortcuts="a"
        onClick={() => onAct("acknowledge", { comment })}
      >
        Acknowledge <Key>A</Key>
      </Button>
      <Button disabled={!able("resolve")} aria-keyshortcuts="r" onClick={() => onAct("resolve", { comment })}>
        Resolve <Key>R</Key>
      </Button>
      <ShelveMenu disabled={!able("shelve")} onShelve={(for_s) => onAct("shelve", { comment, for_s })} />
      <Button look="ghost" icon aria-label="Clear the selection" onClick={onClear}>
        <X aria-hidden="true" className="size-4" />
      </Button>
    </section>
  );
}
