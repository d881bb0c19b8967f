"use client";
import { useEffect, useRef, useState } from "react";
import { useAlerts, useAssets } from "../stream.ts";
import { useNow } from "../ui/use-now.ts";
import { type FleetRow, fleetRows, keepOrder, sameRow } from "./rows.ts";

export interface Fleet {
  rows: readonly FleetRow[];
  /** True where the order would be another if nobody pointed at the list. */
  held: boolean;
}

/**
 * The fleet in order of need, at most once a second: values tick in their own cells. While `holding` the order stays,
 * so that nothing moves under the pointer or the focus. A row that would look the same stays the same object.
 */
export function useFleet(holding: boolean): Fleet {
  const assets = useAssets();
  const alerts = useAlerts();
  const now = useNow();
  const [fleet, setFleet] = useState<Fleet>({ rows: [], held: false });
  const input = useRef({ assets, alerts, holding });
  input.current = { assets, alerts, holding };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once a second, with what there is then
  useEffect(() => {
    const given = input.current;
    setFleet((before) => {
      const known = new Map(before.rows.map((row) => [row.asset_id, row]));
      const sorted = fleetRows(given.assets, given.alerts, now).map((row) => {
        const held = known.get(row.asset_id);
        return held !== undefined && sameRow(held, row) ? held : row;
      });
      const shown = before.rows.map(({ asset_id }) => asset_id);
      const rows = given.holding ? keepOrder(sorted, shown) : sorted;
      const held = rows.some((row, i) => row !== sorted[i]);
      const same = rows.length === before.rows.length && rows.every((row, i) => row === before.rows[i]);
      return same && held === before.held ? before : { rows, held };
    });
  }, [now, assets.length === 0, holding]);

  return fleet;
}
