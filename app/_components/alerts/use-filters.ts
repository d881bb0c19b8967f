"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { type AlertFilters, readFilters } from "./filters.ts";

/** The filters of the URL; how to change some of them (`undefined` takes one away); how to set them all. */
export function useFilters(): [
  AlertFilters,
  (change: Record<string, string | undefined>) => void,
  (query: string) => void,
] {
  const parameters = useSearchParams();
  const pathname = usePathname();
  // The router learns of a change a moment later; what is pressed next must find it done.
  const [query, setQuery] = useState(parameters.toString());
  useEffect(() => setQuery(parameters.toString()), [parameters]);
  const filters = useMemo(() => readFilters(new URLSearchParams(query)), [query]);
  const replace = useCallback(
    (next: string) => {
      setQuery(next);
      window.history.replaceState(null, "", next === "" ? pathname : `${pathname}?${next}`);
    },
    [pathname],
  );
  const change = useCallback(
    (wanted: Record<string, string | undefined>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(wanted)) {
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      }
      replace(next.toString());
    },
    [replace],
  );
  return [filters, change, replace];
}
