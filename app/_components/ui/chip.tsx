import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type GlyphKind, SeverityGlyph } from "./severity.tsx";

const LOOKS: Record<GlyphKind | "plain", string> = {
  critical:
    "bg-critical-tint text-critical shadow-[inset_0_0_0_1px_color-mix(in_oklab,var(--critical)_45%,transparent)]",
  warning:
    "bg-warning-tint text-warning shadow-[inset_0_0_0_1px_color-mix(in_oklab,var(--warning)_45%,transparent)]",
  info: "bg-info-tint text-info shadow-[inset_0_0_0_1px_color-mix(in_oklab,var(--info)_45%,transparent)]",
  stale: "bg-stale-tint text-stale outline-1 -outline-offset-1 outline-dashed outline-stale",
  resolved: "text-muted shadow-[inset_0_0_0_1px_var(--line-strong)]",
  plain: "text-muted shadow-[inset_0_0_0_1px_var(--line-strong)]",
};

/** A state that stands alone; in tables the bare glyph and word serve instead. */
export function Chip({
  kind = "plain",
  children,
  className,
}: {
  kind?: GlyphKind | "plain";
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-[0.3125rem] rounded-2 px-1.5 text-11 font-medium whitespace-nowrap",
        LOOKS[kind],
        className,
      )}
    >
      {kind !== "plain" && <SeverityGlyph kind={kind} className="size-3" />}
      {children}
    </span>
  );
}

/** A number in the frame: grey, or red where it counts what is critical. */
export function Count({
  value,
  critical,
  className,
}: {
  value: number;
  critical?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "rounded-2 px-[0.3125rem] text-11 leading-4 font-semibold",
        critical
          ? "bg-critical-fill text-on-fill"
          : "bg-hover text-muted shadow-[inset_0_0_0_1px_var(--line-strong)]",
        className,
      )}
    >
      {value}
    </span>
  );
}
