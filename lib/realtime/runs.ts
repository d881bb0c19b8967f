import type { EpochMs } from "../domain/time.ts";
import type { Offsets } from "./positions.ts";

/** Values of one tenant, dense in one partition: `values[i]` has offset `first_offset + i` (a `LogBatch` is one). */
export interface Run<V> {
  partition: number;
  first_offset: number;
  received_at: EpochMs;
  values: readonly V[];
}

/** What of the runs is at or behind the offsets. */
export function runsFrom<V>(runs: readonly Run<V>[], from: Offsets): readonly Run<V>[] {
  const due = (run: Run<V>) => from[run.partition] ?? 0;
  if (runs.every((run) => run.first_offset >= due(run))) return runs;
  return runs.flatMap((run) => {
    const skip = Math.max(0, due(run) - run.first_offset);
    if (skip === 0) return [run];
    return skip >= run.values.length
      ? []
      : [{ ...run, first_offset: run.first_offset + skip, values: run.values.slice(skip) }];
  });
}

/** Only values that `keep` wants. Offsets no longer mean anything in the result. */
export function filterRuns<V>(runs: readonly Run<V>[], keep: (value: V) => boolean): Run<V>[] {
  const kept: Run<V>[] = [];
  for (const run of runs) {
    const values = run.values.filter(keep);
    if (values.length > 0) kept.push(values.length === run.values.length ? run : { ...run, values });
  }
  return kept;
}

export function countOf(runs: readonly Run<unknown>[]): number {
  let count = 0;
  for (const run of runs) count += run.values.length;
  return count;
}
