"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { type AlertFilters, readFilters } from "./filters.ts";

/** The filters of the URL, and how to change some of them; `undefined` takes one away. */
export function useFilters(): [AlertFilters, (change: Record<string, string | undefined>) => void] {
  const parameters = useSearchParams();
  const pathname = usePathname();
  // The router learns of a change a moment later; what is pressed next must find it done.
  const [query, setQuery] = useState(parameters.toString());
  useEffect(() => setQuery(parameters.toString()), [parameters]);
  const filters = useMemo(() => readFilters(new URLSearchParams(query)), [query]);
  const change = useCallback(
    (wanted: Record<string, string | undefined>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(wanted)) {
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      }
      setQuery(next.toString());
      window.history.replaceState(null, "", next.size === 0 ? pathname : `${pathname}?${next}`);
    },
    [pathname],
  );
  return [filters, change];
}
