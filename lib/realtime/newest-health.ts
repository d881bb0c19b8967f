import type { HealthScore } from "../domain/health.ts";
import { followsScore } from "../domain/stale-score.ts";
import type { Run } from "./runs.ts";

type Last = Pick<HealthScore, "source_partition" | "source_offset" | "timestamp" | "stale">;

/** Drops a score that includes nothing newer than the last of its asset: a processor may write one again. */
export class NewestHealth {
  private readonly seen = new Map<string, Last>();

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
      !(last.source_partition === score.source_partition
        ? followsScore(score, last)
        : score.timestamp > last.timestamp)
    )
      return false;
    const { source_partition, source_offset, timestamp, stale } = score;
    this.seen.set(key, { source_partition, source_offset, timestamp, ...(stale && { stale }) });
    return true;
  }
}
