"use client";
import { usePathname } from "next/navigation";
import { type ConnectionWords, useConnection } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { formatAge, formatWhen } from "../ui/format.ts";
import { SeverityGlyph } from "../ui/severity.tsx";
import { useNow } from "../ui/use-now.ts";
import { zoneName } from "../ui/zone.ts";

/** Under the top bar, where nothing comes any more. */
export function ConnectionBanner() {
  return <BannerOf connection={useConnection()} now={useNow()} />;
}

/** Since when nothing comes, what still stands, the next try, and one by hand. */
export function BannerOf({ connection, now }: { connection: ConnectionWords; now: number }) {
  const pathname = usePathname();
  if (now === 0 || (connection.shown !== "stale" && connection.shown !== "offline")) return null;
  const { shown, stale_since, behind_ms, wait_s: wait, reason, denied } = connection;
  return (
    <section
      aria-label="Connection"
      className={cn(
        "flex min-h-[2.125rem] flex-none flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line-strong px-4 py-1 text-12",
        shown === "stale" ? "bg-stale-tint" : "bg-critical-tint",
      )}
    >
      <SeverityGlyph kind={shown === "stale" ? "stale" : "critical"} />
      <b className="font-semibold">
        {denied
          ? "Signed out of the stream."
          : shown === "stale" && stale_since !== undefined
            ? `Stale since ${formatWhen(stale_since, now)} ${zoneName(stale_since)}.`
            : "Offline."}
      </b>
      <span className="text-muted">
        {denied
          ? `${reason ?? "The server does not let this session in"}.`
          : stale_since === undefined
            ? "Nothing has come yet."
            : shown === "stale"
              ? `${formatAge(behind_ms)} behind; the values are those of then.`
              : `Last data ${formatWhen(stale_since, now, true)} ${zoneName(stale_since)}; the values are those of then.`}
        {!denied && wait !== undefined && ` Trying again in ${wait} s.`}
      </span>
      {denied ? (
        <Button asChild size="small" className="ml-auto">
          <a href={`/login?callbackUrl=${encodeURIComponent(pathname)}`}>Sign in again</a>
        </Button>
      ) : (
        <Button size="small" className="ml-auto" onClick={() => connection.retry()}>
          {shown === "stale" ? "Reconnect now" : "Try now"}
        </Button>
      )}
    </section>
  );
}
