import type { Evidence } from "./health.ts";

/**
 * Shares out what a score lacks to 100 over the sensors, in proportion to their parts of the distance (negative parts,
 * which correlated sensors can have, count nothing), in tenths of a point.
 * @returns greatest first, only those with at least a tenth
 */
export function pointsOf(
  score: number,
  parts: ArrayLike<number>,
  sensorAt: (index: number) => string,
): Evidence[] {
  const tenths = Math.round((100 - score) * 10);
  if (tenths <= 0) return [];
  const positive = Array.from(parts, (part) => Math.max(0, part));
  const total = positive.reduce((sum, part) => sum + part, 0);
  if (total <= 0) return [{ sensor_id: sensorAt(0), points: tenths / 10 }];
  return apportion(
    tenths,
    positive.map((part) => (part / total) * tenths),
  )
    .map((whole, at) => ({ at, whole }))
    .filter(({ whole }) => whole > 0)
    .sort((a, b) => b.whole - a.whole || a.at - b.at)
    .map(({ at, whole }) => ({ sensor_id: sensorAt(at), points: whole / 10 }));
}

/**
 * Rounds parts to whole numbers that sum to `total` (largest remainder).
 * @param parts sum to `total`, or to less than 1 beside it
 */
export function apportion(total: number, parts: readonly number[]): number[] {
  const whole = parts.map(Math.floor);
  const order = parts
    .map((part, at) => ({ at, rest: part - whole[at]! }))
    .sort((a, b) => b.rest - a.rest || a.at - b.at);
  let left = total - whole.reduce((sum, one) => sum + one, 0);
  for (let k = 0; left > 0 && order.length > 0; k++, left--) whole[order[k % order.length]!.at]!++;
  return whole;
}
