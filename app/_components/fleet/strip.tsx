"use client";
import type { ReactNode } from "react";
import { useOpenAlerts } from "../frame/use-open-alerts.ts";
import { useStreamNumbers } from "../stream.ts";
import { LATE_AFTER_MS } from "../ui/age.tsx";
import { cn } from "../ui/cn.ts";
import { formatAge, formatNumber, plural } from "../ui/format.ts";
import { Pips, type Risk, riskColour, riskWord } from "../ui/risk.tsx";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { formatLatency } from "./latency.ts";
import { type FleetRow, RISK_ORDER } from "./rows.ts";

function Tile({
  name,
  note,
  children,
  className,
}: {
  name: ReactNode;
  note?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={cn(
        "flex h-19 min-w-0 flex-col justify-between border-r border-line px-4 py-2.5 last:border-r-0 max-pane:border-b max-phone:h-16 max-phone:px-3 max-phone:py-2",
        className,
      )}
    >
      <span className="text-12 leading-[0.875rem] whitespace-nowrap text-muted">{name}</span>
      {children}
      <span className="ell text-11 leading-[0.875rem] text-faint max-phone:hidden">{note ?? "\u00a0"}</span>
    </div>
  );
}

const BIG = "text-20 leading-[1.375rem] font-semibold whitespace-nowrap max-phone:text-[1.125rem]";

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

const GRID =
  "grid flex-none grid-cols-[minmax(0,3.1fr)_minmax(0,1.9fr)_minmax(0,1fr)_minmax(0,1.2fr)_minmax(0,1.2fr)] border-b border-line-strong bg-surface max-pane:grid-cols-6 max-phone:grid-cols-3";

/** Before anything is known nothing is counted: "0 critical" would be a promise. */
function StripSkeleton() {
  return (
    <section aria-label="Fleet summary" className={GRID}>
      <div
        role="status"
        aria-label="Loading the fleet"
        className="flex h-19 flex-col justify-between border-r border-line px-4 py-2.5 max-pane:col-span-3 max-pane:border-b max-phone:h-22 max-phone:border-r-0 max-phone:px-3"
      >
        <Skeleton className="w-32" />
        <Skeleton className="w-full" />
        <Skeleton className="w-3/4" />
      </div>
      {[
        "max-pane:col-span-3 max-phone:col-span-3",
        ...Array<string>(3).fill("max-pane:col-span-2 max-phone:col-span-1"),
      ].map((className, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tiles stand where they stand
        <Tile key={i} name={<Skeleton className="w-20" />} className={className}>
          <Skeleton className="w-16" />
        </Tile>
      ))}
    </section>
  );
}

/** The fleet in five numbers; each says what it counts and how old it is. */
export function Strip({ rows, ready }: { rows: readonly FleetRow[]; ready: boolean }) {
  const alerts = useOpenAlerts();
  const { rate, p50_ms, p99_ms } = useStreamNumbers();
  const now = useNow();
  if (!ready && rows.length === 0) return <StripSkeleton />;
  const counts = new Map<Risk, number>();
  for (const { risk } of rows) counts.set(risk, (counts.get(risk) ?? 0) + 1);
  const shown = RISK_ORDER.map((risk) => ({ risk, count: counts.get(risk) ?? 0 }));
  const words = shown.map(({ risk, count }) => `${count} ${riskWord(risk).toLowerCase()}`).join(", ");
  const ages = now === 0 ? [] : rows.map(({ received_at }) => Math.max(0, now - received_at));
  const age = median(ages);
  const late = ages.filter((one) => one > LATE_AFTER_MS).length;
  const oldest = rows.reduce<FleetRow | undefined>(
    (worst, row) => (worst === undefined || row.received_at < worst.received_at ? row : worst),
    undefined,
  );

  return (
    <section aria-label="Fleet summary" className={GRID}>
      <div className="flex h-19 min-w-0 flex-col justify-between border-r border-line px-4 py-2.5 max-pane:col-span-3 max-pane:border-b max-phone:h-22 max-phone:border-r-0 max-phone:px-3">
        <span className="text-12 leading-[0.875rem] text-muted">{plural(rows.length, "asset")} by risk</span>
        <span className="riskbar" role="img" aria-label={words}>
          {shown.map(({ risk, count }) =>
            count > 0 ? <i key={risk} data-risk={risk} style={{ flex: count }} /> : null,
          )}
        </span>
        <span className="flex justify-between gap-2 whitespace-nowrap">
          {shown.map(({ risk, count }) => (
            <span
              key={risk}
              className={cn(
                "inline-flex items-baseline gap-1 max-phone:flex-col max-phone:gap-0",
                count > 0 ? riskColour(risk) : "text-faint",
              )}
            >
              <Pips
                risk={risk}
                className={cn("self-center max-wide:hidden", count === 0 && "opacity-45 grayscale")}
              />
              <b
                className={cn(
                  "text-16 leading-[1.125rem] font-semibold",
                  count > 0 && risk !== "critical" && risk !== "unknown" && "text-text",
                )}
              >
                {count}
              </b>
              <span className="text-12">{riskWord(risk).toLowerCase()}</span>
            </span>
          ))}
        </span>
      </div>
      <Tile
        name={
          <>
            Open alerts <span className="text-faint">{alerts.open}</span>
          </>
        }
        note={
          alerts.unacknowledged > 0 && alerts.oldest_at !== undefined && now > 0
            ? `${alerts.unacknowledged} not acknowledged, oldest ${formatAge(now - alerts.oldest_at)}`
            : alerts.open > 0
              ? "all acknowledged"
              : "nothing waits"
        }
        className="max-pane:col-span-3 max-phone:col-span-3"
      >
        <span className="flex gap-4 max-wide:gap-2.5">
          {(["critical", "warning", "info"] as const).map((severity) => (
            <span
              key={severity}
              className={cn(
                "inline-flex items-center gap-1.5",
                BIG,
                alerts[severity] > 0 ? severityColour(severity) : "text-faint",
              )}
            >
              <SeverityGlyph
                kind={severity}
                className={cn("size-4", alerts[severity] === 0 && "opacity-50 grayscale")}
              />
              {alerts[severity]}
              <span className="text-12 font-normal text-muted">{severity}</span>
            </span>
          ))}
        </span>
      </Tile>
      <Tile
        name={
          <>
            Readings<span className="max-phone:hidden"> a second</span>
          </>
        }
        note="last 10 s"
        className="max-pane:col-span-2 max-phone:col-span-1"
      >
        <span className={BIG}>{formatNumber(rate === null ? null : Math.round(rate))}</span>
      </Tile>
      <Tile
        name={
          <>
            Data age<span className="max-phone:hidden">, median</span>
          </>
        }
        note={
          late > 0 && oldest
            ? `${late} late, worst ${formatAge(now - oldest.received_at)} (${oldest.asset_id})`
            : rows.length > 0
              ? "none late"
              : undefined
        }
        className="max-pane:col-span-2 max-phone:col-span-1"
      >
        <span className={cn(BIG, age !== undefined && age > LATE_AFTER_MS && "text-stale")}>
          {age === undefined ? "–" : formatAge(age)}
        </span>
      </Tile>
      <Tile
        name={
          <>
            Latency<span className="max-phone:hidden">, log to screen</span>
          </>
        }
        note={p99_ms === null ? undefined : `99 % under ${formatLatency(p99_ms)}`}
        className="max-pane:col-span-2 max-phone:col-span-1 max-phone:border-r-0"
      >
        <span className={BIG}>{p50_ms === null ? "–" : formatLatency(p50_ms)}</span>
      </Tile>
    </section>
  );
}
