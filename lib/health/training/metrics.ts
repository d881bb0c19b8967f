/** Figures of merit of predicted against true remaining life, both in steps and capped alike. */
export interface LifeFigures {
  n: number;
  rmse: number;
  mae: number;
  bias: number;
  /** NASA's asymmetric score, summed (Saxena et al. 2008): early e^(−d/13) − 1, late e^(d/10) − 1. */
  nasa: number;
  /** Share of the true lives that lie in their intervals. */
  coverage: number | null;
}

export function lifeFigures(
  rows: readonly { predicted: number; actual: number; low?: number; high?: number; weight?: number }[],
): LifeFigures {
  let squares = 0;
  let absolute = 0;
  let sum = 0;
  let nasa = 0;
  let weights = 0;
  let inside = 0;
  let judged = 0;
  for (const { predicted, actual, low, high, weight = 1 } of rows) {
    const off = predicted - actual;
    squares += weight * off ** 2;
    absolute += weight * Math.abs(off);
    sum += weight * off;
    nasa += weight * (off < 0 ? Math.exp(-off / 13) - 1 : Math.exp(off / 10) - 1);
    weights += weight;
    if (low === undefined || high === undefined) continue;
    judged += weight;
    // A tenth is what is shown: an end that was rounded away from the true life still holds it.
    if (actual >= low - 0.05 && actual <= high + 0.05) inside += weight;
  }
  const n = Math.max(weights, 1e-12);
  return {
    n: rows.length,
    rmse: Math.sqrt(squares / n),
    mae: absolute / n,
    bias: sum / n,
    nasa,
    coverage: judged > 0 ? inside / judged : null,
  };
}
