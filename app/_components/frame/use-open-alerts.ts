"use client";
import { useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useAlerts } from "../stream.ts";

export interface OpenAlerts {
  /** Not resolved. */
  open: number;
  critical: number;
  warning: number;
  info: number;
  /** Nobody has taken them yet. */
  unacknowledged: number;
  /** When the oldest of the not acknowledged was raised, epoch ms. */
  oldest_at: number | undefined;
}

/** Counts the alerts that are not closed, by severity. */
export function countOpen(alerts: readonly WireAlert[]): OpenAlerts {
  const counts: OpenAlerts = {
    open: 0,
    critical: 0,
    warning: 0,
    info: 0,
    unacknowledged: 0,
    oldest_at: undefined,
  };
  for (const alert of alerts) {
    if (alert.state !== "open" && alert.state !== "acknowledged") continue;
    counts.open++;
    counts[alert.severity]++;
    if (alert.state === "open") {
      counts.unacknowledged++;
      const at = Date.parse(alert.raised_at);
      if (counts.oldest_at === undefined || at < counts.oldest_at) counts.oldest_at = at;
    }
  }
  return counts;
}

export function useOpenAlerts(): OpenAlerts {
  const alerts = useAlerts();
  return useMemo(() => countOpen(alerts), [alerts]);
}
