import type { HealthScore } from "../domain/health.ts";
import type { Run } from "./runs.ts";

/** Drops a score that includes nothing newer than the last of its asset: a processor may write one again. */
export class NewestHealth {
  private readonly seen = new Map<string, { partition: number; offset: number; timestamp: number }>();

  /** @returns what is news, as runs of dense offsets */
  admit(tenant_id: string, run: Run<HealthScore>): Run<HealthScore>[] {
    const runs: Run<HealthScore>[] = [];
    let values: HealthScore[] = [];
    const close = (end: number) => {
      if (values.length > 0)
        runs.push({ ...run, first_offset: run.first_offset + end - values.length, values });
      values = [];
    };
    for (const [i, score] of run.values.entries()) {
      if (this.isNewer(tenant_id, score)) values.push(score);
      else close(i);
    }
    close(run.values.length);
    return runs;
  }

  private isNewer(tenant_id: string, score: HealthScore): boolean {
    const key = `${tenant_id}\0${score.asset_id}`;
    const last = this.seen.get(key);
    if (
      last !== undefined &&
      (last.partition === score.source_partition
        ? score.source_offset <= last.offset
        : score.timestamp <= last.timestamp)
    )
      return false;
    this.seen.set(key, {
      partition: score.source_partition,
      offset: score.source_offset,
      timestamp: score.timestamp,
    });
    return true;
  }
}
