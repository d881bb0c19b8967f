import type { HealthScore, LifeUnit } from "./health.ts";
import type { EpochMs } from "./time.ts";

const MINUTE_MS = 60_000;

/** Without a reading for so long, by the receiving clock, an asset's score says nothing of now. */
export const STALE_AFTER_MS = 10 * MINUTE_MS;

/** What was last told of an asset. */
export interface LastScore {
  timestamp: EpochMs;
  score: number | null;
  source_partition: number;
  source_offset: number;
  /** Nothing came since, and that has been told. */
  stale: boolean;
}

/**
 * The withheld score of an asset that has been silent for `STALE_AFTER_MS`. It follows from the last score and the last
 * reading alone, whoever notices the silence and whenever. Its time is the one right after the last score's.
 * @param received_at of the asset's last reading
 */
export function staleScore(
  asset: { tenant_id: string; asset_id: string; received_at: EpochMs },
  last: LastScore,
  judged_by: { rul_unit: LifeUnit; model: string } | undefined,
): HealthScore {
  const { source_partition, source_offset } = last;
  return {
    ...asset,
    timestamp: last.timestamp + 1,
    received_at: asset.received_at + STALE_AFTER_MS,
    score: null,
    risk_level: null,
    reason: `no data for ${STALE_AFTER_MS / MINUTE_MS} minutes`,
    evidence: [],
    ...(judged_by && { rul: null, rul_low: null, rul_high: null, ...judged_by }),
    stale: true,
    last_score: last.score,
    source_partition,
    source_offset,
  };
}

/** Event time of the readings that a score is of. */
export function judgedAt({ timestamp, stale }: Pick<HealthScore, "timestamp" | "stale">): EpochMs {
  return stale ? timestamp - 1 : timestamp;
}

/** Where a score stands among those of its asset and partition. */
export type ScorePlace = Pick<HealthScore, "source_offset" | "stale">;

/** Place of the last score where only its offset is kept: whether it was a stale one, the newest score tells. */
export function lastPlace(source_offset: number, newest: HealthScore | undefined): ScorePlace {
  return { source_offset, ...(newest?.stale && newest.source_offset === source_offset && { stale: true }) };
}

/** Whether a score is news after another of its asset and partition: of newer readings, or of none for too long. */
export function followsScore(score: ScorePlace, last: ScorePlace): boolean {
  if (score.source_offset !== last.source_offset) return score.source_offset > last.source_offset;
  return score.stale === true && last.stale !== true;
}
