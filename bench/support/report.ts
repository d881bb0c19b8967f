/** One line of the table: what was measured, ours, the other's, their ratio and what was hoped for. */
export interface Line {
  what: string;
  ours: string;
  theirs: string;
  ratio: string;
  target: string;
  met: boolean;
  conditions: string;
}

export const number = (value: number): string =>
  value >= 1_000_000
    ? `${(value / 1_000_000).toFixed(2)} M`
    : value >= 10_000
      ? `${Math.round(value / 1_000)} k`
      : value.toPrecision(3);

export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export function table(lines: Line[]): string {
  return [
    "| what | FORESIGHT | instead | ratio | target | |",
    "|---|--:|--:|--:|--:|---|",
    ...lines.map(
      ({ what, ours, theirs, ratio, target, met }) =>
        `| ${what} | ${ours} | ${theirs} | ${ratio} | ${target} | ${met ? "met" : "missed"} |`,
    ),
    "",
    ...lines.map(({ what, conditions }) => `- ${what}: ${conditions}`),
  ].join("\n");
}
