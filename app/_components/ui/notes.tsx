import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type GlyphKind, SeverityGlyph } from "./severity.tsx";

/** What is missing, the next step, and something to do about it. */
export function Empty({
  title,
  children,
  className,
}: {
  title: string;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={cn(
        "grid justify-items-start gap-2 border border-dashed border-line-strong p-4 text-12 text-muted",
        className,
      )}
    >
      <p className="text-13 font-semibold text-text">{title}</p>
      {children}
    </div>
  );
}

/** Something went wrong, or is worth a word: what failed, what still works, what to do; the code last, in mono. */
export function Note({
  kind,
  title,
  children,
  actions,
  code,
  className,
  live = false,
}: {
  kind: GlyphKind;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  code?: string | undefined;
  className?: string;
  /** Spoken when it appears. */
  live?: boolean;
}) {
  return (
    <div
      {...(live && { role: "alert" })}
      className={cn(
        "flex gap-2 rounded-2 border px-2.5 py-2 text-12 leading-[1.0625rem]",
        kind === "critical" && "border-critical bg-critical-tint",
        kind === "warning" && "border-[color-mix(in_oklab,var(--warning)_45%,transparent)] bg-warning-tint",
        kind === "info" && "border-line-strong bg-info-tint",
        kind === "stale" && "border-dashed border-stale bg-stale-tint",
        kind === "resolved" && "border-line-strong",
        className,
      )}
    >
      <SeverityGlyph kind={kind} className="mt-px" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <div>
          {title && <b className="font-semibold text-text">{title} </b>}
          <span className="text-muted">{children}</span>
        </div>
        {(actions || code) && (
          <div className="flex flex-wrap items-center gap-2">
            {actions}
            {code && <code className="font-mono text-11 text-faint">{code}</code>}
          </div>
        )}
      </div>
    </div>
  );
}
