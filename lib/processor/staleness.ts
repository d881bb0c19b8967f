import type { HealthScore } from "../domain/health.ts";
import { STALE_AFTER_MS, staleScore } from "../domain/stale-score.ts";
import type { EpochMs } from "../domain/time.ts";
import type { InstalledModel } from "../health/life/installed-model.ts";
import type { AssetState } from "./asset-state.ts";
import { DueQueue } from "./due-queue.ts";

/** Whether the score that was last told of an asset has grown stale by a receiving time, and that was not told. */
export function isStale<H>({ last, received_at }: AssetState<H>, now: EpochMs): boolean {
  return last !== undefined && !last.stale && now - received_at >= STALE_AFTER_MS;
}

/** Takes back what was last told of an asset: once for each silence, the saved state remembers it. */
export function withhold<H>(
  tenant_id: string,
  asset: AssetState<H>,
  models: Pick<ReadonlyMap<string, InstalledModel>, "get">,
): HealthScore {
  const { asset_id, received_at } = asset;
  const last = asset.last!;
  const installed = models.get(asset.asset_type);
  asset.last = { ...last, stale: true };
  return staleScore(
    { tenant_id, asset_id, received_at },
    last,
    installed && { rul_unit: installed.unit, model: installed.id },
  );
}

interface Watched<H> {
  tenant_id: string;
  asset: AssetState<H>;
}

/**
 * Which assets may have grown silent: each is looked at when its newest reading, as it was at the last look, has become
 * too old. So a look costs by the assets that are due, however many there are.
 */
export class Staleness<H> {
  private readonly queue = new DueQueue<Watched<H>>();
  private readonly watched = new Set<AssetState<H>>();

  watch(tenant_id: string, asset: AssetState<H>): void {
    if (asset.last === undefined || asset.last.stale || this.watched.has(asset)) return;
    this.watched.add(asset);
    this.queue.add(asset.received_at + STALE_AFTER_MS, { tenant_id, asset });
  }

  isDue(now: EpochMs): boolean {
    return this.queue.isDue(now);
  }

  /**
   * Takes out the assets whose scores are stale; the other ones that are due are looked at again later.
   * @param known_until up to which receiving time a partition is processed; `undefined` where it is not this processor's
   */
  take(now: EpochMs, known_until: (partition: number) => EpochMs | undefined): Watched<H>[] {
    const stale: Watched<H>[] = [];
    for (const one of this.queue.take(now)) {
      this.watched.delete(one.asset);
      const until = known_until(one.asset.partition);
      if (until === undefined) continue;
      if (isStale(one.asset, until)) stale.push(one);
      else this.watch(one.tenant_id, one.asset);
    }
    return stale;
  }
}
