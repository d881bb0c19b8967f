import type { KeyHelp } from "../ui/key-list.tsx";

/** Keys that every page has. */
const EVERYWHERE: readonly KeyHelp[] = [
  { keys: ["⌘K", "Ctrl K"], does: "search or jump to" },
  { keys: ["G", "F"], does: "fleet (A alerts, U upload, T test, S settings)" },
  { keys: ["←", "→"], does: "crosshair of a chart in focus, with ⇧ ten readings" },
  { keys: ["Esc"], does: "close" },
  { keys: ["?"], does: "these keys" },
];

const OF_FLEET: readonly KeyHelp[] = [
  { keys: ["/"], does: "filter" },
  { keys: ["D"], does: "density" },
];

const OF_ASSET: readonly KeyHelp[] = [
  { keys: ["1", "6"], does: "range, from the last 15 minutes to all" },
  { keys: ["+", "−", "0"], does: "zoom in, out, all" },
  { keys: ["[", "]"], does: "earlier, later" },
  { keys: ["L"], does: "back to live" },
  { keys: ["Z"], does: "undo zoom" },
  { keys: ["S"], does: "since the newest alert" },
  { keys: ["E"], does: "export the shown range as CSV" },
];

/** The keys of a page; the alerts page lists its own. */
export function keysOf(pathname: string): readonly KeyHelp[] {
  if (pathname === "/") return [...OF_FLEET, ...EVERYWHERE];
  return pathname.startsWith("/assets/") ? [...OF_ASSET, ...EVERYWHERE] : EVERYWHERE;
}
