"use client";
import { useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { shownUnits } from "../ui/units.ts";
import { useRequest } from "./use-request.ts";

/** Alerts that the API gives, in the units that are shown. `next`: there are further ones. */
export function useStoredAlerts(path: string | undefined) {
  const { data, ...loaded } = useRequest<{ alerts: WireAlert[]; next?: string }>(path);
  const shown = useMemo(
    () => data && { ...data, alerts: data.alerts.map((alert) => shownUnits().alert(alert)) },
    [data],
  );
  return { data: shown, ...loaded };
}
