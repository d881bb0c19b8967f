import type { AlertState, Severity } from "../../../lib/domain/alert.ts";
import { cn } from "./cn.ts";

export type GlyphKind = Severity | "stale" | "resolved";

const WORDS: Record<GlyphKind, string> = {
  critical: "Critical",
  warning: "Warning",
  info: "Info",
  stale: "Stale",
  resolved: "Resolved",
};
const COLOURS: Record<GlyphKind, string> = {
  critical: "text-critical",
  warning: "text-warning",
  info: "text-info",
  stale: "text-stale",
  resolved: "text-muted",
};

export function severityWord(kind: GlyphKind): string {
  return WORDS[kind];
}
export function severityColour(kind: GlyphKind): string {
  return COLOURS[kind];
}

function Shape({ kind }: { kind: GlyphKind }) {
  switch (kind) {
    case "critical":
      return (
        <>
          <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="var(--critical-fill)" />
          <path d="M7.2 4h1.6v5H7.2zM7.2 10.4h1.6V12H7.2z" fill="var(--on-fill)" />
        </>
      );
    case "warning":
      return (
        <>
          <path
            d="M8 1.2 15.4 14.4H.6z"
            fill="var(--warning-fill)"
            stroke="var(--warning-fill)"
            strokeLinejoin="round"
          />
          <path d="M7.3 5.6h1.4v4.6H7.3zM7.3 11.4h1.4v1.4H7.3z" fill="var(--on-warning)" />
        </>
      );
    case "info":
      return (
        <>
          <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M7.2 7h1.6v5H7.2zM7.2 4.2h1.6v1.6H7.2z" fill="currentColor" />
        </>
      );
    case "stale":
      return (
        <>
          <circle
            cx="8"
            cy="8"
            r="6.4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeDasharray="2.6 1.6"
          />
          <path d="M8 4.5V8l2.4 1.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
        </>
      );
    case "resolved":
      return (
        <>
          <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="m5.2 8.2 2 2 3.6-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
  }
}

/** The shape alone, 14 px unless told; beside it stands the word, or `label` as hidden text. */
export function SeverityGlyph({
  kind,
  label,
  className,
}: {
  kind: GlyphKind;
  label?: string | undefined;
  className?: string;
}) {
  return (
    <>
      <svg
        viewBox="0 0 16 16"
        aria-hidden="true"
        className={cn("size-3.5 flex-none", COLOURS[kind], className)}
      >
        <Shape kind={kind} />
      </svg>
      {label !== undefined && <span className="sr-only">{label}</span>}
    </>
  );
}

/** Shape, word and colour together. */
export function SeverityTag({ kind, className }: { kind: GlyphKind; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-[0.3125rem] font-medium whitespace-nowrap",
        COLOURS[kind],
        className,
      )}
    >
      <SeverityGlyph kind={kind} />
      {WORDS[kind]}
    </span>
  );
}

const STATE_WORDS: Record<AlertState, string> = {
  open: "Open",
  acknowledged: "Acknowledged",
  cleared: "Cleared",
  shelved: "Shelved",
  resolved: "Resolved",
};

export function stateWord(state: AlertState): string {
  return STATE_WORDS[state];
}

/** Open ●, acknowledged ◐, cleared dashed ○, shelved paused ○, resolved ✓, each with its word. */
export function AlertStateTag({ state, className }: { state: AlertState; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-[0.3125rem] whitespace-nowrap",
        state === "open" ? "font-medium text-text" : "text-muted",
        className,
      )}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-2.5 flex-none">
        {state === "open" && <circle cx="8" cy="8" r="7" fill="currentColor" />}
        {state === "acknowledged" && (
          <>
            <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.8" />
            <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
          </>
        )}
        {state === "cleared" && (
          <circle
            cx="8"
            cy="8"
            r="6.2"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
            strokeDasharray="3 2"
          />
        )}
        {state === "shelved" && (
          <path d="M4 2.5h2.6v11H4zM9.4 2.5H12v11H9.4z" fill="currentColor" stroke="none" />
        )}
        {state === "resolved" && (
          <path d="m2 8.5 4 4 8-9" fill="none" stroke="currentColor" strokeWidth="2" />
        )}
      </svg>
      {STATE_WORDS[state]}
    </span>
  );
}
