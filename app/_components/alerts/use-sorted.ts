"use client";
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import type { Sort } from "./filters.ts";
import { compareForTable, severityRank } from "./order.ts";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});
const column = createColumnHelper<typeof features, WireAlert>();

/** What each column is sorted by; where two are alike, the order of the shift decides. */
const columns = column.columns([
  column.accessor(({ severity }) => severityRank(severity), { id: "severity", sortFn: "basic" }),
  column.accessor(({ title }) => title.toLowerCase(), { id: "title", sortFn: "basic" }),
  column.accessor("asset_id", {
    id: "asset",
    sortFn: (a, b) => a.original.asset_id.localeCompare(b.original.asset_id, "en", { numeric: true }),
  }),
  column.accessor("occurrences", { id: "times", sortFn: "basic" }),
  column.accessor(({ raised_at }) => Date.parse(raised_at), { id: "since", sortFn: "basic" }),
  column.accessor(({ owner }) => owner?.toLowerCase(), {
    id: "owner",
    sortFn: "basic",
    sortUndefined: "last",
  }),
]);

/** The alerts in the order of a column, or in that of the shift. */
export function useSorted(alerts: readonly WireAlert[], sort: Sort | undefined): readonly WireAlert[] {
  const data = useMemo(() => [...alerts].sort(compareForTable), [alerts]);
  const sorting = useMemo(
    () => (sort === undefined ? [] : [{ id: sort.column, desc: sort.descending }]),
    [sort],
  );
  const table = useTable({ features, columns, data, state: { sorting }, getRowId: ({ id }) => id });
  const { rows } = table.getRowModel();
  return useMemo(() => rows.map(({ original }) => original), [rows]);
}
