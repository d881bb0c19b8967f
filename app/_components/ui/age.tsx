"use client";
import { cn } from "./cn.ts";
import { formatAge, formatClock, formatMoment, formatWhen } from "./format.ts";
import { useNow } from "./use-now.ts";
import { zoneName } from "./zone.ts";

/** Older than this a value is late: it ticks on in violet. */
export const LATE_AFTER_MS = 60_000;

/** How old something is, ticking. `late_after` 0 never turns it violet. Ages are not announced. */
export function Age({
  at,
  late_after = LATE_AFTER_MS,
  suffix,
  className,
}: {
  at: number | undefined;
  late_after?: number;
  suffix?: string;
  className?: string;
}) {
  const now = useNow();
  if (at === undefined) return <span className={cn("text-stale", className)}>never</span>;
  if (now === 0) return <span className={cn("text-faint", className)}>–</span>;
  const age = Math.max(0, now - at);
  const late = late_after > 0 && age > late_after;
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={formatMoment(at)}
      className={cn("whitespace-nowrap", late ? "font-medium text-stale" : "text-faint", className)}
    >
      {formatAge(age)}
      {suffix}
    </time>
  );
}

/** A moment: the clock alone where it is today, with its date otherwise. `zone={false}` where a head names the zone. */
export function When({
  at,
  seconds = false,
  zone = true,
  className,
}: {
  at: number;
  seconds?: boolean;
  zone?: boolean;
  className?: string;
}) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={now === 0 ? undefined : formatMoment(at)}
      className={cn("whitespace-nowrap", className)}
    >
      {now === 0 ? "–" : formatWhen(at, now, seconds)}
      {zone && now > 0 && ` ${zoneName(at)}`}
    </time>
  );
}

/** ", CET" behind the head of a column of times. */
export function ZoneOf() {
  const now = useNow();
  return now === 0 ? null : <span className="font-normal">, {zoneName(now)}</span>;
}

/** "12:34:07 CET": the plant's clock. */
export function Clock({ className }: { className?: string }) {
  const now = useNow();
  if (now === 0) return null;
  return (
    <time className={cn("text-12 whitespace-nowrap text-muted", className)}>
      <span className="font-medium text-text">{formatClock(now, true)}</span> {zoneName(now)}
    </time>
  );
}
