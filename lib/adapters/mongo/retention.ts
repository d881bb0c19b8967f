import type { EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../ports/system.ts";
import type { Collections } from "./collections.ts";

const DAY_MS = 24 * 3_600_000;
/** A change of a tenant's retention counts for what is written after this. */
const KEPT_MS = 30_000;

/** @returns how long, in ms, a tenant's readings and scores are kept; `undefined`: for good */
export function createRetention({ tenants }: Collections, clock: Clock) {
  const known = new Map<string, { days: Promise<number | undefined>; until: EpochMs }>();
  return async (tenant_id: string): Promise<number | undefined> => {
    const now = clock.now();
    let kept = known.get(tenant_id);
    if (kept === undefined || kept.until <= now) {
      const days = tenants
        .findOne({ _id: tenant_id }, { projection: { retention_days: 1 } })
        .then((tenant) => tenant?.retention_days);
      kept = { days, until: now + KEPT_MS };
      known.set(tenant_id, kept);
      days.catch(() => known.delete(tenant_id));
    }
    const days = await kept.days;
    return days === undefined ? undefined : days * DAY_MS;
  };
}

export type Retention = ReturnType<typeof createRetention>;
