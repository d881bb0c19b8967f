import type { RiskLevel } from "../../../lib/domain/health.ts";
import { cn } from "./cn.ts";

export type Risk = RiskLevel | "unknown";

const FILLED: Record<Risk, number> = { low: 1, medium: 2, high: 3, critical: 4, unknown: 0 };
const WORDS: Record<Risk, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
  unknown: "No data",
};
const COLOURS: Record<Risk, string> = {
  critical: "text-critical font-medium",
  high: "text-warning font-medium",
  medium: "text-muted",
  low: "text-muted",
  unknown: "text-stale font-medium",
};

/** What each group asks of its reader. */
export const RISK_WORDS_TO_DO: Record<Risk, string> = {
  critical: "act now",
  high: "plan the work",
  unknown: "risk unknown until they report",
  medium: "watch",
  low: "nothing to do",
};

export function riskWord(risk: Risk): string {
  return WORDS[risk];
}
export function riskColour(risk: Risk): string {
  return COLOURS[risk];
}

/** Four rising bars, filled 1 (low) to 4 (critical); four dashed outlines where nothing is known. Stands beside its word. */
export function Pips({ risk, className }: { risk: Risk; className?: string }) {
  return (
    <span className={cn("pips", className)} data-risk={risk} aria-hidden="true">
      {[1, 2, 3, 4].map((bar) => (
        <i key={bar} className={bar <= FILLED[risk] ? "f" : undefined} />
      ))}
    </span>
  );
}

export function RiskTag({ risk, className }: { risk: Risk; className?: string }) {
  return (
    <span
      className={cn("inline-flex items-center gap-[0.3125rem] whitespace-nowrap", COLOURS[risk], className)}
    >
      <Pips risk={risk} />
      {WORDS[risk]}
    </span>
  );
}

/** Length is health, colour is its band, ticks at 25, 50 and 70. The number stands beside it. */
export function HealthBar({
  score,
  risk,
  className,
}: {
  score: number | null;
  risk: Risk;
  className?: string;
}) {
  return (
    <span
      className={cn("hbar block", className)}
      data-risk={score === null ? "unknown" : risk}
      aria-hidden="true"
    >
      {score !== null && (
        <>
          <i style={{ width: `${Math.max(0, Math.min(100, score))}%` }} />
          {[25, 50, 70].map((tick) => (
            <b key={tick} style={{ left: `${tick}%` }} />
          ))}
        </>
      )}
    </span>
  );
}
