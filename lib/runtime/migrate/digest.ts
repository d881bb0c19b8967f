import { createHash, type Hash } from "node:crypto";
import type { EpochMs } from "../../domain/time.ts";
import type { CarriedStore } from "../../ports/carried-store.ts";
import { MOST } from "./carry.ts";

const PAGE = 10_000;

/** One part of a tenant: how many of what, and a checksum over all of them in order. */
export interface PartDigest {
  tenant_id: string;
  part: string;
  count: number;
  sha256: string;
}

/** The same text for the same content, in whatever order a store keeps an object's fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === "object" && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

class Part {
  private readonly hash: Hash = createHash("sha256");
  private count = 0;

  constructor(
    private readonly tenant_id: string,
    private readonly name: string,
  ) {}

  add(text: string): void {
    this.hash.update(text).update("\n");
    this.count++;
  }
  addAll(values: readonly unknown[]): void {
    for (const value of values) this.add(canonical(value));
  }
  digest(): PartDigest {
    const { tenant_id, name: part, count } = this;
    return { tenant_id, part, count, sha256: this.hash.digest("hex") };
  }
}

/**
 * Counts and sums up everything that is carried, read through the store as anybody reads it.
 * @param stateOf an asset's state as it must be in the target; as it is where absent
 */
export async function digestOf(
  store: CarriedStore,
  options: {
    stateOf?: (tenant_id: string, asset_id: string, state: Uint8Array) => Uint8Array;
    proceed(): void;
  },
): Promise<PartDigest[]> {
  const { stateOf = (_tenant, _asset, state) => state, proceed } = options;
  const digests: PartDigest[] = [];
  for (const tenant of await store.tenants()) {
    const { tenant_id } = tenant;
    const sum = async (name: string, fill: (part: Part) => Promise<void>) => {
      const part = new Part(tenant_id, name);
      await fill(part);
      digests.push(part.digest());
    };
    await sum("tenant", async (part) => part.addAll([tenant]));
    await sum("users", async (part) => part.addAll(await store.users(tenant_id)));
    await sum("tokens", async (part) => part.addAll(await store.tokens(tenant_id)));
    await sum("rules", async (part) => part.addAll(await store.rules(tenant_id)));
    await sum("models", async (part) => part.addAll(await store.models(tenant_id)));
    await sum("uploads", async (part) => part.addAll(await store.uploads(tenant_id, MOST)));
    await sum("settings", async (part) => part.addAll([await store.settings(tenant_id)]));
    await sum("given defaults", async (part) => {
      part.addAll((await store.givenDefaults(tenant_id))?.toSorted() ?? []);
    });
    await sum("assets", async (part) => part.addAll(await store.carriedAssets(tenant_id)));
    const assets = await store.assets(tenant_id);
    await sum("sensors", async (part) => {
      for (const { asset_id, sensors } of assets)
        part.addAll(sensors.map((sensor) => ({ asset_id, ...sensor })));
    });
    await sum("readings", async (part) => {
      for (const { asset_id, sensors } of assets)
        for (const { sensor_id } of sensors)
          for (let after: EpochMs | undefined; ; proceed()) {
            const query = { asset_id, sensor_id, limit: PAGE, ...(after !== undefined && { after }) };
            const page = await store.page(tenant_id, query);
            for (const { sensor_type, unit, quality, timestamp, value } of page)
              part.add(JSON.stringify([asset_id, sensor_id, sensor_type, unit, quality, timestamp, value]));
            if (page.length < PAGE) break;
            after = page.at(-1)!.timestamp;
          }
    });
    await sum("health scores", async (part) => {
      for (const { asset_id } of assets)
        for (let after = -1; ; proceed()) {
          const scores = await store.scores(tenant_id, asset_id, after, PAGE);
          part.addAll(scores);
          if (scores.length < PAGE) break;
          after = Math.floor(scores.at(-1)!.timestamp / 1_000);
        }
    });
    await sum("alert events", async (part) => {
      for (let after = 0; ; proceed()) {
        const events = await store.alertEvents(tenant_id, after, PAGE);
        part.addAll(events);
        if (events.length < PAGE) break;
        after = events.at(-1)!.seq;
      }
    });
    await sum("alerts", async (part) => {
      for (let after: string | undefined; ; proceed()) {
        const alerts = await store.alerts(tenant_id, {
          limit: PAGE,
          ...(after !== undefined && { after }),
        });
        part.addAll(alerts);
        if (alerts.length < PAGE) break;
        after = alerts.at(-1)!.id;
      }
    });
    await sum("states of assets", async (part) => {
      const states = await store.loadState(tenant_id);
      for (const { asset_id, state } of states.sort((a, b) => (a.asset_id < b.asset_id ? -1 : 1)))
        part.add(`${asset_id} ${Buffer.from(stateOf(tenant_id, asset_id, state)).toString("base64")}`);
    });
  }
  return digests;
}

export interface Comparison {
  tenant_id: string;
  part: string;
  source: number;
  target: number;
  sha256: string;
  same: boolean;
}

/** What is in one and not in the other counts as different. */
export function compare(source: readonly PartDigest[], target: readonly PartDigest[]): Comparison[] {
  const key = ({ tenant_id, part }: PartDigest) => JSON.stringify([tenant_id, part]);
  const others = new Map(target.map((digest) => [key(digest), digest]));
  const compared = source.map((digest): Comparison => {
    const other = others.get(key(digest));
    others.delete(key(digest));
    const { tenant_id, part, count, sha256 } = digest;
    const same = other?.count === count && other.sha256 === sha256;
    return { tenant_id, part, source: count, target: other?.count ?? 0, sha256, same };
  });
  for (const { tenant_id, part, count, sha256 } of others.values())
    compared.push({ tenant_id, part, source: 0, target: count, sha256, same: false });
  return compared;
}
