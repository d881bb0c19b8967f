import { reachOf } from "../life/life-interval.ts";
import type { Interval } from "../life/life-parameters.ts";
import type { HeldOut } from "./held-out.ts";

export const COVERAGE = 0.8;
const GRID = 14;
const FIRST_WIDTH = 4;
const ASSETS_WANTED = 30;

/**
 * By how far an asset looks as if seen from its beginning (up to `born`, or nearest to it): those first seen in
 * mid-life, those that may be either, those that were new. Of the last only assets that were indeed seen from their
 * beginning count, else every new asset would pay for the few that look so; in the others each start counts alike.
 */
const BANDS = [
  { born: 0.2, from: Number.NEGATIVE_INFINITY, to: 0.35, later: true },
  { born: 0.5, from: 0.35, to: 0.65, later: true },
  { born: 0.7, from: 0.65, to: Number.POSITIVE_INFINITY, later: false },
];

/** The intervals of a model from what its like told of assets that they were not fitted to; without any, all is possible. */
export function conformalIntervals(held_out: readonly HeldOut[], cap: number): Interval[] {
  const sorted = [...held_out].sort((a, b) => a.predicted - b.predicted);
  const intervals = BANDS.flatMap((band) => {
    const rows = sorted.filter(
      ({ born, start }) => born > band.from && born <= band.to && (band.later || start === 0),
    );
    return rows.length === 0 ? [] : [intervalOf(band.born, rows, cap)];
  });
  return intervals.length > 0 ? intervals : [{ born: 0, at: [0], low: [-cap], high: [cap] }];
}

/** What was told, with other intervals. */
export function withIntervals(
  judged: readonly HeldOut[],
  intervals: readonly Interval[],
  cap: number,
): HeldOut[] {
  return judged.map((row) => {
    const { low, high } = reachOf(intervals, row.born, row.predicted);
    return { ...row, low: Math.max(0, row.predicted + low), high: Math.min(cap, row.predicted + high) };
  });
}

/**
 * Conformal interval by predicted life (Mondrian): around each grid point the residuals between their outer tenths,
 * every asset as seen from each start counting alike however many steps of it are there, with the finite-sample
 * correction of the band's assets (Vovk, Gammerman & Shafer 2005; Lei et al. 2018). Neighbourhoods reach as far as enough
 * assets are in them.
 * @param rows by rising prediction
 */
function intervalOf(born: number, rows: readonly HeldOut[], cap: number): Interval {
  const assets = new Set(rows.map(({ asset_id }) => asset_id)).size;
  const wanted = Math.max(3, Math.min(ASSETS_WANTED, Math.floor(assets / 2)));
  const interval: Interval = { born, at: [], low: [], high: [] };
  for (let k = 0; k <= GRID; k++) {
    const at = (cap * k) / GRID;
    let near: HeldOut[] = [];
    let count = 0;
    for (let width = FIRST_WIDTH; count < wanted && width <= 2 * cap; width *= 1.3) {
      near = rows.slice(firstFrom(rows, at - width), firstFrom(rows, at + width));
      count = new Set(near.map(({ asset_id }) => asset_id)).size;
    }
    if (near.length === 0) continue;
    const { low, high } = between(near, { at, cap, assets });
    interval.at.push(at);
    interval.low.push(Math.min(0, low));
    interval.high.push(Math.max(0, high));
  }
  return interval;
}

/**
 * The residuals that leave a tenth of the weight outside on either side. Above there may be nothing to leave out, since
 * lives are told up to the cap; then the lower side leaves out the whole fifth.
 */
function between(
  near: readonly HeldOut[],
  { at, cap, assets }: { at: number; cap: number; assets: number },
): { low: number; high: number } {
  const rows = new Map<string, number>();
  const seen = ({ asset_id, start }: HeldOut) => `${start} ${asset_id}`;
  for (const row of near) rows.set(seen(row), (rows.get(seen(row)) ?? 0) + 1);
  const residuals = near
    .map((row) => ({
      by: row.actual >= cap ? cap - at : row.actual - row.predicted,
      weight: 1 / rows.get(seen(row))!,
    }))
    .sort((a, b) => a.by - b.by);
  const weightOf = (some: typeof residuals) => some.reduce((sum, { weight }) => sum + weight, 0);
  const level = Math.min(1, (COVERAGE * (assets + 1)) / assets);
  const outside = weightOf(residuals) * (1 - level);
  const high = beyond([...residuals].reverse(), outside / 2);
  const above = weightOf(residuals.filter(({ by }) => by > high));
  return { low: beyond(residuals, outside - above), high };
}

/** The first residual before and with which more than so much weight lies. */
function beyond(residuals: readonly { by: number; weight: number }[], outside: number): number {
  let sum = 0;
  for (const { by, weight } of residuals) {
    sum += weight;
    if (sum > outside) return by;
  }
  return residuals.at(-1)!.by;
}

function firstFrom(rows: readonly HeldOut[], predicted: number): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows[middle]!.predicted < predicted) from = middle + 1;
    else to = middle;
  }
  return from;
}
