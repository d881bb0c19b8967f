"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { memo, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Age } from "../ui/age.tsx";
import { cn } from "../ui/cn.ts";
import { lifeInWords } from "../ui/life.ts";
import { HealthBar, RiskTag } from "../ui/risk.tsx";
import { AlertCounts } from "./alert-counts.tsx";
import { assetHref } from "./fleet-row.tsx";
import { type FleetGroup, type Grouping, groupsOf } from "./fleet-view.ts";
import { GroupHead } from "./group-head.tsx";
import type { FleetRow } from "./rows.ts";
import { Sparkline } from "./sparkline.tsx";
import { thresholdIn, WhySentence } from "./why.tsx";

const REM = 16;
const TILE_WIDTH = 13 * REM;
const TILE_HEIGHT = 10.25 * REM;
const GAP = 0.5 * REM;

type Item = { kind: "group"; group: FleetGroup } | { kind: "tiles"; key: string; rows: FleetRow[] };

/** Assets as tiles in groups; only what is near the screen is in the document. */
export function FleetGrid({
  rows,
  group,
  units,
}: {
  rows: readonly FleetRow[];
  group: Grouping;
  units: ReadonlyMap<string, ReadonlyMap<string, string>>;
}) {
  const body = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState({ margin: 0, columns: 4 });
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const measure = () => {
      const { top, width } = element.getBoundingClientRect();
      setPlace({
        margin: top + window.scrollY,
        columns: Math.max(1, Math.floor((width + GAP) / (TILE_WIDTH + GAP))),
      });
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, []);
  const { margin, columns } = place;
  const items = useMemo(
    () =>
      groupsOf(rows, group).flatMap((one): Item[] => [
        { kind: "group", group: one },
        ...Array.from({ length: Math.ceil(one.rows.length / columns) }, (_, i) => ({
          kind: "tiles" as const,
          key: `${one.key} ${i}`,
          rows: one.rows.slice(i * columns, (i + 1) * columns),
        })),
      ]),
    [rows, group, columns],
  );
  const virtual = useWindowVirtualizer({
    count: items.length,
    overscan: 4,
    scrollMargin: margin,
    estimateSize: (index) => (items[index]!.kind === "group" ? 1.75 * REM : TILE_HEIGHT + GAP),
    getItemKey: (index) => {
      const item = items[index]!;
      return item.kind === "group" ? `group ${item.group.key}` : item.key;
    },
  });
  return (
    <ul
      aria-label="Assets as tiles"
      ref={body}
      className="relative bg-surface"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const item = items[index]!;
        return (
          <li
            key={key}
            data-index={index}
            ref={virtual.measureElement}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {item.kind === "group" ? (
              <GroupHead group={item.group} by={group} />
            ) : (
              <ul
                className="grid gap-2 px-4 pb-2 max-phone:px-3"
                style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {item.rows.map((row) => (
                  <Tile key={row.asset_id} row={row} units={units.get(row.asset_id)} />
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** One asset in a card. */
export const Tile = memo(function Tile({
  row,
  units,
}: {
  row: FleetRow;
  units: ReadonlyMap<string, string> | undefined;
}) {
  const { asset_id, why } = row;
  const worst = ("sensor_id" in why ? why.sensor_id : undefined) ?? row.sensors[0];
  return (
    <li className="tile" data-risk={row.risk}>
      <div className="flex items-baseline justify-between gap-2">
        <Link href={assetHref(asset_id)} className="row-link font-semibold [overflow-wrap:anywhere]">
          {asset_id}
        </Link>
        <span className="text-11 whitespace-nowrap">
          <Age at={row.received_at} />
        </span>
      </div>
      <div className="grid grid-cols-[2.5rem_minmax(0,1fr)] items-center gap-2">
        <span className={cn("text-20 font-semibold", row.risk === "unknown" && "text-stale")}>
          {row.score === null ? "–" : Math.round(row.score)}
        </span>
        <div className="min-w-0">
          <HealthBar score={row.score} risk={row.risk} />
          {row.life && (
            <span className="ell block text-11 leading-4 text-muted">
              {row.life.kind === "known" ? `${lifeInWords(row.life)} left` : row.life.reason}
            </span>
          )}
        </div>
      </div>
      <div className="h-6">
        {worst !== undefined && (
          <Sparkline
            asset_id={asset_id}
            sensor_id={worst}
            {...(why.kind === "alert" && {
              threshold: thresholdIn(why, units?.get(worst)),
              severity: why.severity,
            })}
          />
        )}
      </div>
      <p className="line-clamp-2 min-h-8 text-12 leading-4">
        <WhySentence row={row} unit={worst === undefined ? undefined : units?.get(worst)} />
      </p>
      <div className="mt-auto flex items-center justify-between text-12">
        <RiskTag risk={row.risk} />
        <AlertCounts counts={row.alerts} />
      </div>
    </li>
  );
});
