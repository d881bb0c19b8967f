"use client";
import type { ReactNode } from "react";
import { useConnection, useCounters } from "../../_realtime/index.ts";
import { formatAge, formatBytes, formatClock, formatNumber, plural } from "../ui/format.ts";
import { SeverityGlyph } from "../ui/severity.tsx";
import { useNow } from "../ui/use-now.ts";
import { zoneName } from "../ui/zone.ts";

function Counter({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 border-r border-line px-3 py-2.5 last:border-r-0 max-phone:border-b">
      <dt className="ell text-12 leading-4 text-muted">{name}</dt>
      <dd>
        <span className="block text-20 leading-[1.625rem] font-semibold whitespace-nowrap">{children}</span>
        <span className="ell block text-11 leading-[0.875rem] text-faint">{note}</span>
      </dd>
    </div>
  );
}

function Small({ children }: { children: ReactNode }) {
  return <small className="text-12 font-normal text-muted">{children}</small>;
}

/** What came, how fast, how late, and whether anything came twice. */
export function Counters({ since }: { since: number | null }) {
  const counters = useCounters();
  const { resets } = useConnection();
  const now = useNow();
  const { p50_ms, p99_ms, last_reading_at, last_alert_at } = counters;
  const inSeconds = p99_ms !== null && p99_ms >= 1_000;
  const latency = (ms: number | null) =>
    inSeconds && ms !== null ? formatNumber(ms / 1_000, 1) : formatNumber(ms === null ? ms : Math.round(ms));
  const ago = (at: number) => `${formatAge(Math.max(0, now - at))} ago`;
  return (
    <dl className="grid flex-none grid-cols-6 border-b border-line-strong bg-surface max-wide:grid-cols-3 max-phone:grid-cols-2">
      <Counter
        name="Readings"
        note={since === null ? "not connected yet" : `since ${formatClock(since, true)} ${zoneName(since)}`}
      >
        <span data-testid="readings-count">{formatNumber(counters.readings)}</span>
      </Counter>
      <Counter
        name="Alerts"
        note={
          counters.critical_alerts > 0 ? (
            <>
              <SeverityGlyph kind="critical" className="mr-1 inline-block size-[0.6875rem] align-[-1px]" />
              {counters.critical_alerts} critical of {counters.alerts}
            </>
          ) : (
            "none critical"
          )
        }
      >
        <span data-testid="alerts-count">{formatNumber(counters.alerts)}</span>{" "}
        {last_alert_at !== null && now > 0 && <Small>last {ago(last_alert_at)}</Small>}
      </Counter>
      <Counter name="Rate" note={`${formatBytes(counters.bytes)} in all`}>
        <span data-testid="rate">{formatNumber(Math.round(counters.rate))}</span> <Small>/s over 10 s</Small>
      </Counter>
      <Counter name="Latency" note={`${inSeconds ? "s" : "ms"}: p50, p99`}>
        <span data-testid="latency">
          {latency(p50_ms)} <Small>/</Small> {latency(p99_ms)}
        </span>
      </Counter>
      <Counter name="Twice, left out" note={resets === 0 ? "no reset" : plural(resets, "reset")}>
        {formatNumber(counters.duplicates)} <Small>/</Small> {formatNumber(counters.conflated)}
      </Counter>
      <Counter name="Last reading" note={`${formatNumber(counters.health)} health scores`}>
        {last_reading_at === null || now === 0 ? "–" : ago(last_reading_at)}
      </Counter>
    </dl>
  );
}
