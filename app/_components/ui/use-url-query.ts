"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";

export interface UrlQuery {
  query: URLSearchParams;
  /** Sets some parameters; `undefined` or nothing takes one away. */
  change: (wanted: Record<string, string | undefined>) => void;
  /** Sets them all. */
  replace: (query: string) => void;
}

/** What a page shows stands in its URL, so that it can be sent to somebody and survives a reload. */
export function useUrlQuery(): UrlQuery {
  const parameters = useSearchParams();
  const pathname = usePathname();
  // The router learns of a change a moment later; what is pressed next must find it done.
  const [text, setText] = useState(parameters.toString());
  useEffect(() => setText(parameters.toString()), [parameters]);
  const query = useMemo(() => new URLSearchParams(text), [text]);
  const replace = useCallback(
    (next: string) => {
      setText(next);
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
  return { query, change, replace };
}
