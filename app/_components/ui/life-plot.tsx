import { cn } from "./cn.ts";
import type { KnownLife } from "./life.ts";
import type { Risk } from "./risk.tsx";

const COLOURS: Record<Risk, string> = {
  critical: "bg-band-critical",
  high: "bg-band-high",
  medium: "bg-band-medium",
  low: "bg-band-low",
  unknown: "bg-stale",
};

/** A dot (median) on a whisker (80 % interval) over what the model sees, the same for all that it judges; what lies beyond ends at its edge. */
export function LifePlot({ life, risk, className }: { life: KnownLife; risk: Risk; className?: string }) {
  const place = (value: number) => Math.max(0, Math.min(100, (value / life.most) * 100));
  const [from, to] = [place(life.low), place(life.high)];
  return (
    <span className={cn("relative block h-3", className)} aria-hidden="true">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <span
        className={cn("absolute top-1/2 h-0.5 -translate-y-1/2 opacity-60", COLOURS[risk])}
        style={{ left: `${from}%`, width: `${Math.max(1, to - from)}%` }}
      />
      <span
        className={cn("absolute top-1/2 size-2 -translate-1/2 rounded-full", COLOURS[risk])}
        style={{ left: `${place(life.rul)}%` }}
      />
    </span>
  );
}
