// biome-ignore-all lint/a11y/useSemanticElements: rows become two lines on a phone, which table elements do not
// biome-ignore-all lint/a11y/useFocusableInteractive: the keyboard's place is the grid's, not the row's
"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { ZoneOf } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/cn.ts";
import { AlertRow } from "./alert-row.tsx";
import type { Sort, SortColumn } from "./filters.ts";
import { groupOf } from "./order.ts";
import type { Held } from "./use-held.ts";

/** A press sorts downwards where that is what one looks for first, again the other way, a third time not at all. */
function nextSort(sort: Sort | undefined, column: SortColumn): Sort | undefined {
  const first = column === "times" || column === "since";
  if (sort?.column !== column) return { column, descending: first };
  return sort.descending === first ? { column, descending: !first } : undefined;
}

function Head({
  column,
  sort,
  onSort,
  className,
  children,
}: {
  column: SortColumn;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  className?: string;
  children: ReactNode;
}) {
  const sorted = sort?.column === column ? sort : undefined;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  return (
    <div
      role="columnheader"
      aria-sort={sorted === undefined ? "none" : sorted.descending ? "descending" : "ascending"}
      className={className}
    >
      <button
        type="button"
        onClick={() => onSort(nextSort(sort, column))}
        className={cn("inline-flex h-6 items-center gap-0.5 hover:text-text", sorted && "text-text")}
      >
        {children}
        {sorted && <Arrow aria-hidden="true" className="size-3" />}
      </button>
    </div>
  );
}

/** Alerts as a grid: chosen by their boxes, sorted by their heads, closed ones in a group of their own. */
export function AlertTable({
  held,
  chosen,
  cursor,
  sort,
  onSort,
  onSelect,
  onSelectAll,
  onOpen,
  onMore,
}: {
  held: Held<WireAlert>;
  chosen: ReadonlySet<string>;
  cursor: string | undefined;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  onSelect: (id: string, on: boolean) => void;
  onSelectAll: (on: boolean) => void;
  onOpen: (id: string) => void;
  onMore: (() => void) | undefined;
}) {
  const { shown, hold } = held;
  const selected = shown.reduce((count, { id }) => count + Number(chosen.has(id)), 0);
  const closedFrom = sort === undefined ? shown.findIndex((alert) => groupOf(alert) === "Closed") : -1;
  const heads = { sort, onSort };
  const plain = (label: ReactNode, className?: string) => (
    <div role="columnheader" className={className}>
      {label}
    </div>
  );
  return (
    <div
      role="grid"
      aria-label={sort === undefined ? "Alerts, by severity" : `Alerts, by ${sort.column}`}
      aria-multiselectable="true"
      aria-rowcount={shown.length + 1}
      className="@container/alerts min-h-0 flex-1 overflow-y-auto pb-14"
      {...hold}
    >
      <div role="row" className="arh">
        {plain(
          <Checkbox
            checked={selected === shown.length ? true : selected > 0 ? "indeterminate" : false}
            aria-label="Select all"
            onCheckedChange={(on) => onSelectAll(on === true)}
          />,
        )}
        <Head column="severity" {...heads}>
          Severity
        </Head>
        <Head column="title" {...heads}>
          Alert
        </Head>
        <Head column="asset" {...heads}>
          Asset
        </Head>
        {plain("Value", "text-right")}
        {plain("Limit", "ar-limit text-right")}
        <Head column="times" className="ar-times text-right" {...heads}>
          Times
        </Head>
        {plain("State")}
        <Head column="since" {...heads}>
          Since
          <ZoneOf />
        </Head>
        <Head column="owner" className="ar-owner" {...heads}>
          Owner
        </Head>
      </div>
      {shown.map((alert, i) => (
        <div key={alert.id} role="rowgroup">
          {i === closedFrom && i > 0 && (
            <div
              role="row"
              className="flex h-7 items-center border-b border-line bg-canvas px-4 text-12 text-muted"
            >
              <div role="gridcell">
                <b className="font-semibold text-text">Closed</b> {shown.length - i}
              </div>
            </div>
          )}
          <AlertRow
            alert={alert}
            selected={chosen.has(alert.id)}
            cursor={cursor === alert.id}
            onSelect={onSelect}
            onOpen={onOpen}
          />
        </div>
      ))}
      {onMore && (
        <div role="row" className="p-3">
          <div role="gridcell">
            <Button onClick={onMore}>Load more</Button>
          </div>
        </div>
      )}
    </div>
  );
}
