"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type AlertFilters, readFilters } from "./filters.ts";

/** The filters of the URL, and how to change some of them; `undefined` takes one away. */
export function useFilters(): [AlertFilters, (change: Record<string, string | undefined>) => void] {
  const parameters = useSearchParams();
  const pathname = usePathname();
  const filters = useMemo(() => readFilters(new URLSearchParams(parameters)), [parameters]);
  const change = useCallback(
    (wanted: Record<string, string | undefined>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(wanted)) {
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      }
      const query = next.toString();
      window.history.replaceState(null, "", query === "" ? pathname : `${pathname}?${query}`);
    },
    [pathname],
  );
  return [filters, change];
}
