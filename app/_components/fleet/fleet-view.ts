import type { FleetRow } from "./rows.ts";

export type Grouping = "risk" | "type";

/** How the fleet is shown, as the page's URL says it. */
export interface FleetView {
  text: string;
  /** `undefined`: of any type. */
  type: string | undefined;
  group: Grouping;
  layout: "table" | "grid";
  /** Compact: every row one line, whatever its risk. */
  density: "need" | "compact";
}

export function readView(query: URLSearchParams): FleetView {
  return {
    text: query.get("q") ?? "",
    type: query.get("type") ?? undefined,
    group: query.get("group") === "type" ? "type" : "risk",
    layout: query.get("layout") === "grid" ? "grid" : "table",
    density: query.get("density") === "compact" ? "compact" : "need",
  };
}

/** The rows that belong to the filters, in the order given, those of a group together. */
export function viewRows(rows: readonly FleetRow[], { text, type, group }: FleetView): readonly FleetRow[] {
  const wanted = text.trim().toLowerCase();
  const found = rows.filter(
    (row) =>
      (type === undefined || row.asset_type === type) &&
      (wanted === "" || `${row.asset_id} ${row.asset_type}`.toLowerCase().includes(wanted)),
  );
  if (group === "risk") return found;
  // The type whose worst asset needs most stands first.
  const byType = new Map<string, FleetRow[]>();
  for (const row of found) {
    const held = byType.get(row.asset_type);
    if (held) held.push(row);
    else byType.set(row.asset_type, [row]);
  }
  return [...byType.values()].flat();
}

export interface FleetGroup {
  key: string;
  rows: FleetRow[];
}

/** Neighbours of one group. */
export function groupsOf(rows: readonly FleetRow[], group: Grouping): FleetGroup[] {
  const groups: FleetGroup[] = [];
  for (const row of rows) {
    const key = group === "risk" ? row.risk : row.asset_type;
    const last = groups.at(-1);
    if (last?.key === key) last.rows.push(row);
    else groups.push({ key, rows: [row] });
  }
  return groups;
}
