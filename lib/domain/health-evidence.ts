import type { Evidence } from "./health.ts";

/**
 * Shares out what a score lacks to 100 over the sensors, in proportion to their parts of the distance (negative parts,
 * which correlated sensors can have, count nothing). Tenths of a point by largest remainder, so the sum is exact.
 * @returns greatest first, only those with at least a tenth
 */
export function pointsOf(
  score: number,
  parts: ArrayLike<number>,
  sensorAt: (index: number) => string,
): Evidence[] {
  const tenths = Math.round((100 - score) * 10);
  if (tenths <= 0) return [];
  let total = 0;
  for (let at = 0; at < parts.length; at++) total += Math.max(0, parts[at]!);
  if (total <= 0) return [{ sensor_id: sensorAt(0), points: tenths / 10 }];
  const shares: { at: number; whole: number; rest: number }[] = [];
  let given = 0;
  for (let at = 0; at < parts.length; at++) {
    const share = (Math.max(0, parts[at]!) / total) * tenths;
    const whole = Math.floor(share);
    given += whole;
    shares.push({ at, whole, rest: share - whole });
  }
  shares.sort((a, b) => b.rest - a.rest || a.at - b.at);
  for (let at = 0; given < tenths; at++, given++) shares[at % shares.length]!.whole++;
  return shares
    .filter(({ whole }) => whole > 0)
    .sort((a, b) => b.whole - a.whole || a.at - b.at)
    .map(({ at, whole }) => ({ sensor_id: sensorAt(at), points: whole / 10 }));
}
