/** Two times in epoch ms, `from` before `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** What a chart shows: so long before the newest reading (`undefined`: everything), all since a time, or between two. */
export type TimeWindow =
  | { kind: "last"; span_ms: number | undefined }
  | { kind: "since"; from: number }
  | ({ kind: "between" } & Stretch);

/** The ranges there is a button for. */
export type Range = "15m" | "1h" | "6h" | "24h" | "7d" | "all";

const HOUR = 3_600_000;
export const RANGES: readonly { value: Range; label: string; title: string; ms: number | undefined }[] = [
  { value: "15m", label: "15 min", title: "Last 15 minutes", ms: HOUR / 4 },
  { value: "1h", label: "1 h", title: "Last hour", ms: HOUR },
  { value: "6h", label: "6 h", title: "Last 6 hours", ms: 6 * HOUR },
  { value: "24h", label: "24 h", title: "Last 24 hours", ms: 24 * HOUR },
  { value: "7d", label: "7 d", title: "Last 7 days", ms: 7 * 24 * HOUR },
  { value: "all", label: "All", title: "Everything there is", ms: undefined },
];

export function lastOf(range: Range): TimeWindow {
  return { kind: "last", span_ms: RANGES.find(({ value }) => value === range)!.ms };
}

/** The button that stands for a window, where there is one. */
export function rangeOf(window: TimeWindow): Range | undefined {
  return window.kind === "last" ? RANGES.find(({ ms }) => ms === window.span_ms)?.value : undefined;
}

/** Whether its end moves on with what comes. */
export function follows(window: TimeWindow): boolean {
  return window.kind !== "between";
}

export function sameWindow(a: TimeWindow, b: TimeWindow): boolean {
  return (
    (a.kind === "last" && b.kind === "last" && a.span_ms === b.span_ms) ||
    (a.kind === "since" && b.kind === "since" && a.from === b.from) ||
    (a.kind === "between" && b.kind === "between" && a.from === b.from && a.to === b.to)
  );
}

/** Nothing is told apart below it. */
const LEAST_MS = 1_000;

/**
 * A range `factor` times as long around the time `at`, which stays where it is. Longer than what there is
 * (`bounds`): everything.
 */
export function zoomed(range: Stretch, factor: number, at: number, bounds: Stretch): TimeWindow {
  const span = Math.max(LEAST_MS, (range.to - range.from) * factor);
  if (span >= bounds.to - bounds.from && factor > 1) return { kind: "last", span_ms: undefined };
  const share = (at - range.from) / (range.to - range.from);
  return held({ from: at - share * span, to: at + (1 - share) * span }, bounds);
}

/** The same range so many ms later (negative: earlier), as far as there is something. */
export function panned(range: Stretch, by_ms: number, bounds: Stretch): TimeWindow {
  return held({ from: range.from + by_ms, to: range.to + by_ms }, bounds);
}

/** Half of it may lie outside of what there is, so that the ends can be brought to the middle. */
function held({ from, to }: Stretch, bounds: Stretch): TimeWindow {
  const half = (to - from) / 2;
  const by = Math.max(0, bounds.from - half - from) - Math.max(0, to - half - bounds.to);
  return { kind: "between", from: from + by, to: to + by };
}

/** Of what is fetched for "the last …", so that its left edge is not bare while it moves. */
const LEAD = 0.02;
/** What is fetched to each side of a fixed window: so far it can be moved without an empty edge. */
const BESIDE = 0.5;

/** Which readings a window needs. `live`: what comes belongs to it. */
export interface Need {
  from: number | undefined;
  to: number | undefined;
  live: boolean;
  /** How many times as long as the shown range. */
  lengths: number;
}

/** @param newest time of the newest reading there is */
export function needOf(window: TimeWindow, newest: number | undefined): Need {
  if (window.kind === "last") {
    const { span_ms } = window;
    const from = span_ms === undefined || newest === undefined ? undefined : newest - span_ms * (1 + LEAD);
    return { from: from && Math.floor(from), to: undefined, live: true, lengths: 1 };
  }
  if (window.kind === "since") {
    const span = Math.max(0, (newest ?? window.from) - window.from);
    return { from: Math.floor(window.from - span * LEAD), to: undefined, live: true, lengths: 1 };
  }
  const beside = (window.to - window.from) * BESIDE;
  const to = Math.ceil(window.to + beside);
  const live = newest === undefined || newest <= to;
  return {
    from: Math.floor(window.from - beside),
    to: live ? undefined : to,
    live,
    lengths: 1 + 2 * BESIDE,
  };
}
