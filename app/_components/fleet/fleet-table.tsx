// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual and of unequal shape on a phone, which table elements are not
// biome-ignore-all lint/a11y/useFocusableInteractive: the row's link is its name
"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { cn } from "../ui/cn.ts";
import type { Risk } from "../ui/risk.tsx";
import { FleetTableRow } from "./fleet-row.tsx";
import { type FleetGroup, type Grouping, groupsOf } from "./fleet-view.ts";
import { GroupWords } from "./group-head.tsx";
import type { FleetRow } from "./rows.ts";

type Item = { kind: "group"; group: FleetGroup } | { kind: "row"; row: FleetRow };

const REM = 16;
const HEIGHTS: Record<Risk, number> = {
  critical: 3.875 * REM,
  high: 2.875 * REM,
  unknown: 2.125 * REM,
  medium: 2.125 * REM,
  low: 2.125 * REM,
};

const none: ReadonlyMap<string, string> = new Map();

/** Assets in groups by need; only what is near the screen is in the document. */
export function FleetTable({
  rows,
  group,
  compact,
  units,
  watched,
  onWatch,
}: {
  rows: readonly FleetRow[];
  group: Grouping;
  /** Every row one line. */
  compact: boolean;
  /** Of each asset's sensors. */
  units: ReadonlyMap<string, ReadonlyMap<string, string>>;
  watched: string | undefined;
  onWatch: (asset_id: string, sensor_id: string) => void;
}) {
  const items = useMemo(
    () =>
      groupsOf(rows, group).flatMap((one): Item[] => [
        { kind: "group", group: one },
        ...one.rows.map((row) => ({ kind: "row" as const, row })),
      ]),
    [rows, group],
  );
  const lives = rows.some(({ life }) => life !== undefined);
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useEffect(() => {
    const measure = () =>
      setMargin(body.current ? body.current.getBoundingClientRect().top + window.scrollY : 0);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: items.length,
    overscan: 12,
    scrollMargin: margin,
    estimateSize: (index) => {
      const item = items[index]!;
      if (item.kind === "group") return 1.75 * REM;
      return compact ? HEIGHTS.low : HEIGHTS[item.row.risk];
    },
    getItemKey: (index) => {
      const item = items[index]!;
      return item.kind === "group" ? `group ${item.group.key}` : item.row.asset_id;
    },
  });

  return (
    <div
      role="table"
      aria-label={group === "risk" ? "Assets by risk" : "Assets by type"}
      data-lives={lives}
      aria-rowcount={rows.length + 1}
      className={cn("bg-surface", compact && "fleet-compact")}
    >
      <div role="rowgroup">
        <div role="row" className="fh">
          <span role="columnheader">Risk</span>
          <span role="columnheader">Asset</span>
          <span role="columnheader">Health</span>
          {lives && (
            <span role="columnheader" title="Median and 80 % interval; the line is 0 to 125">
              Remaining life
            </span>
          )}
          <span role="columnheader">Why: worst sensor</span>
          <span role="columnheader" className="fr-latest">
            Latest
          </span>
          <span role="columnheader">Alerts</span>
          <span role="columnheader" className="text-right">
            Age
          </span>
          <span role="columnheader">
            <span className="sr-only">Watch</span>
          </span>
        </div>
      </div>
      <div role="rowgroup" ref={body} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index]!;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              {item.kind === "group" ? (
                <div
                  role="row"
                  tabIndex={-1}
                  className="flex h-7 items-center gap-2.5 border-b border-line bg-canvas px-4 text-12 text-muted max-phone:h-8 max-phone:px-3"
                >
                  <span role="cell">
                    <GroupWords group={item.group} by={group} />
                  </span>
                </div>
              ) : (
                <FleetTableRow
                  row={item.row}
                  lives={lives}
                  units={units.get(item.row.asset_id) ?? none}
                  watched={item.row.asset_id === watched}
                  onWatch={onWatch}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
