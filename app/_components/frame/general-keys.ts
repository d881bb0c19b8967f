/** Keys that every page has, and those of the fleet; the alerts page lists its own. */
export const GENERAL_KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["⌘K", "Ctrl K"], does: "search or jump to" },
  { keys: ["G", "F"], does: "fleet (A alerts, U upload, T test, S settings)" },
  { keys: ["/"], does: "filter, on the fleet and the alerts" },
  { keys: ["D"], does: "density of the fleet" },
  { keys: ["←", "→"], does: "crosshair of a chart in focus, with ⇧ ten readings" },
  { keys: ["Esc"], does: "close" },
  { keys: ["?"], does: "these keys" },
];
