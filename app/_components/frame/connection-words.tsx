"use client";
import { useConnection } from "../stream.ts";
import { formatWhen } from "../ui/format.ts";
import { useNow } from "../ui/use-now.ts";
import { zoneName } from "../ui/zone.ts";

/** "live", "stale since 12:31 CET": how the stream stands, beside what it brings. */
export function ConnectionWords() {
  const { shown, stale_since } = useConnection();
  const now = useNow();
  return (
    <>
      {shown}
      {shown === "stale" &&
        stale_since !== undefined &&
        now > 0 &&
        ` since ${formatWhen(stale_since, now)} ${zoneName(stale_since)}`}
    </>
  );
}
