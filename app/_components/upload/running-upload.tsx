"use client";
import { Button } from "../ui/button.tsx";
import { formatBytes, formatNumber } from "../ui/format.ts";
import { Note } from "../ui/notes.tsx";
import type { WireUpload } from "./send-file.ts";

/** A file on its way from this page. */
export interface Sending {
  key: string;
  name: string;
  bytes: number;
  sent: number;
  error?: string;
  code?: string;
}

export function RunningUpload({
  sending,
  stored,
  onAbort,
  onRetry,
  onDismiss,
}: {
  sending: Sending;
  /** How far the server is. */
  stored: WireUpload | undefined;
  onAbort: () => void;
  onRetry: () => void;
  onDismiss: () => void;
}) {
  if (sending.error !== undefined)
    return (
      <Note
        kind="critical"
        live
        title={`${sending.name} was not taken whole.`}
        code={sending.code}
        actions={
          <>
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
            <Button size="small" look="ghost" onClick={onDismiss}>
              Dismiss
            </Button>
          </>
        }
      >
        {sending.error} What was taken stays; the same file again adds nothing twice.
      </Note>
    );
  const done = stored?.bytes_read ?? 0;
  const share =
    sending.bytes === 0 ? 0 : Math.min(1, Math.max(done, stored ? 0 : sending.sent) / sending.bytes);
  return (
    <div className="grid gap-2 border border-line-strong bg-surface p-3">
      <div className="flex items-center gap-3">
        <b className="ell min-w-0 flex-1 font-semibold">{sending.name}</b>
        <span className="text-12 text-muted">
          {formatBytes(Math.round(share * sending.bytes))} of {formatBytes(sending.bytes)}
        </span>
        <Button size="small" onClick={onAbort}>
          Break off
        </Button>
      </div>
      <div
        role="progressbar"
        aria-label={`Upload of ${sending.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-1.5 bg-grid"
      >
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="text-12 text-muted">
        {stored
          ? `${formatNumber(stored.accepted)} accepted, ${formatNumber(stored.duplicates)} duplicate, ${formatNumber(stored.rejected)} rejected so far`
          : "Sending"}
      </p>
    </div>
  );
}
