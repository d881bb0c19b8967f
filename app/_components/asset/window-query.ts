import { lastOf, RANGES, rangeOf, type TimeWindow } from "../chart/time-window.ts";

/** The shortest range that a URL may ask for, and the longest. */
const LEAST_S = 1;
const MOST_S = 100 * 365 * 86_400;

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const at = Date.parse(query.get(name) ?? "");
  return Number.isFinite(at) ? at : undefined;
}

/** The window that a URL asks for: `range=6h` or `range=90s`, `since=…`, `from=…&to=…`; `undefined` where it asks for none. */
export function readWindow(query: URLSearchParams): TimeWindow | undefined {
  const from = timeIn(query, "from");
  const to = timeIn(query, "to");
  if (from !== undefined && to !== undefined && to > from) return { kind: "between", from, to };
  const since = timeIn(query, "since");
  if (since !== undefined) return { kind: "since", from: since };
  const range = query.get("range");
  const known = RANGES.find(({ value }) => value === range);
  if (known) return lastOf(known.value);
  const seconds = Number(/^(\d{1,10})s$/.exec(range ?? "")?.[1] ?? Number.NaN);
  return seconds >= LEAST_S && seconds <= MOST_S ? { kind: "last", span_ms: seconds * 1_000 } : undefined;
}

/** The parameters that say it, those of other kinds as `undefined`. */
export function writeWindow(
  window: TimeWindow,
): Record<"range" | "since" | "from" | "to", string | undefined> {
  const none = { range: undefined, since: undefined, from: undefined, to: undefined };
  const iso = (at: number) => new Date(Math.round(at)).toISOString();
  if (window.kind === "between") return { ...none, from: iso(window.from), to: iso(window.to) };
  if (window.kind === "since") return { ...none, since: iso(window.from) };
  return {
    ...none,
    range: rangeOf(window) ?? `${Math.max(LEAST_S, Math.round((window.span_ms ?? 0) / 1_000))}s`,
  };
}
