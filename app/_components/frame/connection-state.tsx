"use client";
import { formatLatency } from "../fleet/latency.ts";
import { type ConnectionWords, useConnection } from "../stream.ts";
import { cn } from "../ui/cn.ts";
import { formatClock, formatNumber } from "../ui/format.ts";
import { SeverityGlyph } from "../ui/severity.tsx";
import { useNow } from "../ui/use-now.ts";
import { zoneName } from "../ui/zone.ts";

/** How the stream of this page stands. */
export function ConnectionState() {
  return <ConnectionStateOf connection={useConnection()} now={useNow()} />;
}

/** In words: Live, Recovering, Stale since, Offline. The shape says it without colour. */
export function ConnectionStateOf({ connection, now }: { connection: ConnectionWords; now: number }) {
  const wait = connection.wait_s;
  return (
    <span className="inline-flex h-6 min-w-0 items-center gap-1.5 text-12 font-medium whitespace-nowrap">
      <Lamp shown={connection.shown} />
      <span role="status">
        {connection.shown === "live" && "Live"}
        {connection.shown === "connecting" && "Connecting"}
        {connection.shown === "recovering" && <span className="text-warning">Recovering</span>}
        {connection.shown === "stale" && (
          <span className="text-stale">
            Stale
            {connection.stale_since !== undefined &&
              now > 0 &&
              ` since ${formatClock(connection.stale_since)} ${zoneName(connection.stale_since)}`}
          </span>
        )}
        {connection.shown === "offline" && <span className="text-critical">Offline</span>}
      </span>
      <span className={cn("font-normal text-faint", connection.shown !== "live" && "max-pane:hidden")}>
        {connection.shown === "live" &&
          (connection.caught_up > 0
            ? `${formatNumber(connection.caught_up)} caught up`
            : connection.latency_ms !== undefined && formatLatency(connection.latency_ms))}
        {connection.shown === "recovering" &&
          `attempt ${connection.attempt}${wait !== undefined && wait > 0 ? `, next in ${wait} s` : ""}`}
        {(connection.shown === "stale" || connection.shown === "offline") &&
          wait !== undefined &&
          `next try in ${wait} s`}
      </span>
    </span>
  );
}

function Lamp({ shown }: Pick<ConnectionWords, "shown">) {
  if (shown === "stale") return <SeverityGlyph kind="stale" />;
  if (shown === "live") return <span className="size-2 flex-none rounded-full bg-muted" aria-hidden="true" />;
  if (shown === "connecting")
    return (
      <span
        className="size-2.5 flex-none rounded-full border border-dashed border-muted"
        aria-hidden="true"
      />
    );
  if (shown === "recovering")
    return <span className="size-2.5 flex-none rounded-full border-2 border-warning" aria-hidden="true" />;
  return (
    <svg viewBox="0 0 12 12" className="size-3 flex-none" aria-hidden="true">
      <rect width="12" height="12" rx="1" fill="var(--critical-fill)" />
      <path d="m3.5 3.5 5 5m0-5-5 5" stroke="var(--on-fill)" strokeWidth="1.5" />
    </svg>
  );
}
