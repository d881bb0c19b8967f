import type { Second } from "../../_realtime/index.ts";

/** A value as a height on a log scale, 0 below and 1 above; what is not above `low` lies on the ground. */
export function heightOf(value: number, low: number, high: number): number {
  if (value <= low) return 0;
  return Math.min(1, Math.log(value / low) / Math.log(high / low));
}

/** A range of whole decades around the values, and the 1-3-10 steps inside it. */
export function decades(values: readonly number[]): { low: number; high: number; steps: number[] } {
  const positive = values.filter((value) => value > 0);
  const least = positive.length === 0 ? 1 : Math.min(...positive);
  const most = positive.length === 0 ? 1 : Math.max(...positive);
  const low = 10 ** Math.floor(Math.log10(least));
  const high = Math.max(low * 10, 10 ** Math.ceil(Math.log10(most * 1.05)));
  const steps: number[] = [];
  for (let step = low; step <= high * 1.001; step *= 10) steps.push(step);
  if (steps.length <= 3) for (const step of [...steps]) if (step * 3 < high) steps.push(step * 3);
  return { low, high, steps: steps.sort((a, b) => a - b) };
}

/** An SVG path over 100 × 100 through the seconds of `[from, to]`; where there is no value the line is broken. */
export function pathOf(
  seconds: readonly Second[],
  value: (second: Second) => number | null,
  { from, to, low, high }: { from: number; to: number; low: number; high: number },
): string {
  let path = "";
  let pen = "M";
  for (const second of seconds) {
    const at = value(second);
    if (at === null) {
      pen = "M";
      continue;
    }
    const x = ((second.second - from) / (to - from)) * 100;
    if (x < 0) continue;
    path += `${pen}${x.toFixed(2)} ${((1 - heightOf(at, low, high)) * 100).toFixed(2)}`;
    pen = "L";
  }
  return path;
}
