/** A range that ends on round numbers, with the lines to draw in it. */
export interface NiceRange {
  min: number;
  max: number;
  step: number;
  ticks: number[];
}

/** The round number (1, 2 or 5 times a power of ten) that is not below `rough`. */
function roundUp(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
}

/**
 * A value axis of about `lines` grid lines around what is drawn, some air above and below. A constant series gets a
 * range around it, so that it lies in the middle and not on an edge.
 */
export function niceRange(low: number, high: number, lines = 3): NiceRange {
  let min = Math.min(low, high);
  let max = Math.max(low, high);
  if (!Number.isFinite(min) || !Number.isFinite(max))
    return { min: 0, max: 1, step: 0.5, ticks: [0, 0.5, 1] };
  if (max - min < Math.abs(max) * 1e-9 || max === min) {
    const half = Math.abs(max) > 0 ? Math.abs(max) * 0.01 : 1;
    min -= half;
    max += half;
  }
  const air = (max - min) * 0.08;
  min -= air;
  max += air;
  const step = roundUp((max - min) / (lines + 1));
  const ticks: number[] = [];
  for (let tick = Math.ceil(min / step) * step; tick <= max; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return { min, max, step, ticks };
}

/** Decimals that tell one tick from the next. */
export function tickDecimals(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
];

/**
 * Round times between `from` and `to`, at most `most` of them, round in the reader's own time zone
 * (`offset_ms` = local time minus UTC).
 */
export function timeTicks(
  from: number,
  to: number,
  most: number,
  offset_ms: number,
): { step: number; at: number[] } {
  const rough = (to - from) / Math.max(1, most);
  const step = TIME_STEPS.find((candidate) => candidate >= rough) ?? 365 * DAY;
  const at: number[] = [];
  for (let tick = Math.ceil((from + offset_ms) / step) * step - offset_ms; tick <= to; tick += step)
    at.push(tick);
  return { step, at };
}
