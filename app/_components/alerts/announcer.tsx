"use client";
import { useEffect, useRef, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";

/** At most one message in so long. */
const EVERY_MS = 5_000;

/** Says new alerts aloud: critical ones at once, the others politely and gathered. Those of the start are not news. */
export function AlertAnnouncer({ alerts }: { alerts: readonly WireAlert[] }) {
  const known = useRef<Set<string> | undefined>(undefined);
  const waiting = useRef<WireAlert[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [urgent, setUrgent] = useState("");
  const [polite, setPolite] = useState("");

  useEffect(() => {
    const before = known.current;
    known.current = new Set(alerts.map(({ id }) => id));
    if (before === undefined || before.size === 0) return;
    const fresh = alerts.filter(({ id, state }) => state === "open" && !before.has(id));
    const critical = fresh.filter(({ severity }) => severity === "critical");
    if (critical.length > 0)
      setUrgent(critical.map((alert) => `Critical: ${alert.title}, ${alert.asset_id}`).join(". "));
    waiting.current.push(...fresh.filter(({ severity }) => severity !== "critical"));
    if (waiting.current.length === 0 || timer.current !== undefined) return;
    const say = () => {
      timer.current = undefined;
      const some = waiting.current.splice(0);
      const [first] = some;
      if (first === undefined) return;
      setPolite(
        some.length === 1
          ? `${first.severity}: ${first.title}, ${first.asset_id}`
          : `${some.length} new alerts`,
      );
      timer.current = setTimeout(say, EVERY_MS);
    };
    say();
  }, [alerts]);

  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <>
      <span role="alert" className="sr-only">
        {urgent}
      </span>
      <span role="status" className="sr-only">
        {polite}
      </span>
    </>
  );
}
