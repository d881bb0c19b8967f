// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual and of unequal shape on a phone, which table elements are not
// biome-ignore-all lint/a11y/useFocusableInteractive: the row's link is its name
"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { RISK_WORDS_TO_DO, type Risk, riskWord } from "../ui/risk.tsx";
import { FleetTableRow } from "./fleet-row.tsx";
import { type FleetRow, RISK_ORDER } from "./rows.ts";

type Item = { kind: "group"; risk: Risk; count: number } | { kind: "row"; row: FleetRow };

const REM = 16;
const HEIGHTS: Record<Risk, number> = {
  critical: 3.875 * REM,
  high: 2.875 * REM,
  unknown: 2.125 * REM,
  medium: 2.125 * REM,
  low: 2.125 * REM,
};

function itemsOf(rows: readonly FleetRow[]): Item[] {
  const counts = new Map<Risk, number>(RISK_ORDER.map((risk) => [risk, 0]));
  for (const { risk } of rows) counts.set(risk, (counts.get(risk) ?? 0) + 1);
  const items: Item[] = [];
  let group: Risk | undefined;
  for (const row of rows) {
    if (row.risk !== group) {
      group = row.risk;
      items.push({ kind: "group", risk: group, count: counts.get(group) ?? 0 });
    }
    items.push({ kind: "row", row });
  }
  return items;
}

const none: ReadonlyMap<string, string> = new Map();

/** Assets in groups by need; only what is near the screen is in the document. */
export function FleetTable({
  rows,
  assets,
  watched,
  onWatch,
}: {
  rows: readonly FleetRow[];
  assets: readonly WireAsset[];
  watched: string | undefined;
  onWatch: (asset_id: string, sensor_id: string) => void;
}) {
  const items = useMemo(() => itemsOf(rows), [rows]);
  const units = useMemo(
    () =>
      new Map(
        assets.map((asset) => [
          asset.asset_id,
          new Map(asset.sensors.map(({ sensor_id, unit }) => [sensor_id, unit])),
        ]),
      ),
    [assets],
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
      return item.kind === "group" ? 1.75 * REM : HEIGHTS[item.row.risk];
    },
    getItemKey: (index) => {
      const item = items[index]!;
      return item.kind === "group" ? `group ${item.risk} ${index}` : item.row.asset_id;
    },
  });

  return (
    <div
      role="table"
      aria-label="Assets by risk"
      data-lives={lives}
      aria-rowcount={rows.length + 1}
      className="bg-surface"
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
                    <b className="mr-2 font-semibold text-text">{riskWord(item.risk)}</b>
                    {item.count}
                    <span className="ml-2 text-faint">{RISK_WORDS_TO_DO[item.risk]}</span>
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
