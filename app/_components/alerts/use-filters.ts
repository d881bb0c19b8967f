"use client";
import { useMemo } from "react";
import { useUrlQuery } from "../ui/use-url-query.ts";
import { type AlertFilters, readFilters } from "./filters.ts";

/** The filters of the URL; how to change some of them (`undefined` takes one away); how to set them all. */
export function useFilters(): [
  AlertFilters,
  (change: Record<string, string | undefined>) => void,
  (query: string) => void,
] {
  const { query, change, replace } = useUrlQuery();
  const filters = useMemo(() => readFilters(query), [query]);
  return [filters, change, replace];
}
