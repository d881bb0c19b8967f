"use client";
import { useMemo, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useStoredAlerts } from "../api/use-stored-alerts.ts";
import { usePerson } from "../frame/principal.tsx";
import { useAlerts } from "../stream.ts";
import { useNow } from "../ui/use-now.ts";
import { type AlertFilters, matches, storedQuery } from "./filters.ts";
import { mergeAlerts } from "./order.ts";
import { useSorted } from "./use-sorted.ts";

const PAGE = 200;
const MOST = 1_000;

/** Stored alerts of the filters, kept up to date by the stream. */
export function useAlertList(filters: AlertFilters): {
  alerts: readonly WireAlert[];
  loading: boolean;
  error: unknown;
  reload: () => void;
  /** Loads further ones; absent where there are none. */
  more: (() => void) | undefined;
} {
  const [limit, setLimit] = useState(PAGE);
  const { username } = usePerson();
  const now = useNow();
  // A range moves on by the minute; without one nothing depends on the time.
  const minute = filters.raised === undefined ? 0 : Math.floor(now / 60_000) * 60_000;
  const waiting = filters.raised !== undefined && minute === 0;
  const { data, error, loading, reload } = useStoredAlerts(
    waiting ? undefined : storedQuery(filters, limit, minute),
  );
  const live = useAlerts();
  const found = useMemo(
    () =>
      mergeAlerts(data?.alerts ?? [], live).filter((alert) =>
        matches(alert, filters, { username, now: minute }),
      ),
    [data, live, filters, username, minute],
  );
  const alerts = useSorted(found, filters.sort);
  const more = data?.next !== undefined && limit < MOST ? () => setLimit(limit + PAGE) : undefined;
  return { alerts, loading: (loading || waiting) && data === undefined, error, reload, more };
}
