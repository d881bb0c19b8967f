"use client";
import { useMemo, useState } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { useRequest } from "../api/use-request.ts";
import { useAlerts } from "../stream.ts";
import { type AlertFilters, matches, storedQuery } from "./filters.ts";
import { compareForTable, mergeAlerts } from "./order.ts";

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
  const { data, error, loading, reload } = useRequest<{ alerts: WireAlert[]; next?: string }>(
    storedQuery(filters, limit),
  );
  const live = useAlerts();
  const alerts = useMemo(
    () =>
      mergeAlerts(data?.alerts ?? [], live)
        .filter((alert) => matches(alert, filters))
        .sort(compareForTable),
    [data, live, filters],
  );
  const more = data?.next !== undefined && limit < MOST ? () => setLimit(limit + PAGE) : undefined;
  return { alerts, loading: loading && data === undefined, error, reload, more };
}
