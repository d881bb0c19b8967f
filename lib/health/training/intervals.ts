import type { Interval } from "../life/life-parameters.ts";

/** A prediction for an asset that was not trained on, and what came true (at most the cap). */
export interface HeldOut {
  asset_id: string;
  predicted: number;
  actual: number;
  /** Life that was really left, beyond the cap too. */
  life: number;
  age: number;
}

export const COVERAGE = 0.8;
const GRID = 14;
const FIRST_WIDTH = 4;
const ASSETS_WANTED = 20;

/**
 * Split-conformal interval from out-of-fold predictions, by predicted life (Mondrian): around each grid point the
 * shortest stretch of residuals that holds 80 % of them, every asset counting alike, with the finite-sample
 * correction of n assets (Vovk, Gammerman & Shafer 2005; Lei et al. 2018).
 */
export function conformalInterval(held_out: readonly HeldOut[], cap: number): Interval {
  const assets = new Set(held_out.map(({ asset_id }) => asset_id)).size;
  const wanted = Math.max(3, Math.min(ASSETS_WANTED, Math.floor(assets / 3)));
  const interval: Interval = { at: [], low: [], high: [] };
  for (let k = 0; k <= GRID; k++) {
    const at = (cap * k) / GRID;
    let near: HeldOut[] = [];
    let count = 0;
    for (let width = FIRST_WIDTH; width <= cap; width *= 1.3) {
      near = held_out.filter(({ predicted }) => Math.abs(predicted - at) <= width);
      count = new Set(near.map(({ asset_id }) => asset_id)).size;
      if (count >= wanted) break;
    }
    if (near.length === 0) continue;
    const level = Math.min(1, (COVERAGE * (count + 1)) / count);
    const { low, high } = shortest(near, level);
    interval.at.push(at);
    interval.low.push(Math.min(0, low));
    interval.high.push(Math.max(0, high));
  }
  return interval;
}

/** The shortest stretch of residuals that holds a share of their weight. */
function shortest(near: readonly HeldOut[], level: number): { low: number; high: number } {
  const rows = new Map<string, number>();
  for (const { asset_id } of near) rows.set(asset_id, (rows.get(asset_id) ?? 0) + 1);
  const residuals = near
    .map(({ asset_id, actual, predicted }) => ({ by: actual - predicted, weight: 1 / rows.get(asset_id)! }))
    .sort((a, b) => a.by - b.by);
  const wanted = level * rows.size - 1e-9;
  let best = { low: residuals[0]!.by, high: residuals.at(-1)!.by };
  let sum = 0;
  let end = 0;
  for (let start = 0; start < residuals.length; start++) {
    while (end < residuals.length && sum < wanted) sum += residuals[end++]!.weight;
    if (sum < wanted) break;
    const [low, high] = [residuals[start]!.by, residuals[end - 1]!.by];
    if (high - low < best.high - best.low) best = { low, high };
    sum -= residuals[start]!.weight;
  }
  return best;
}
