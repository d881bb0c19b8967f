import type { Asset } from "../../domain/asset.ts";
import { baselineHealthModel } from "../../domain/baseline-health-model.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { CarriedStore, CarryTarget } from "../../ports/carried-store.ts";
import { moveState } from "../../processor/state-codec.ts";

/** Readings of a page of one sensor, and of one write. */
const PAGE = 5_000;
const WRITE = 20_000;
const SCORES = 5_000;
const EVENTS = 1_000;
const STATES = 500;
export const MOST = 1_000_000_000;

export interface CarryOptions {
  source: CarriedStore;
  target: CarryTarget;
  /** The partition that an asset's readings come in from now on. */
  partitionOf(tenant_id: string, asset_id: string): number;
  /** Of the source's own log. */
  log_id: string;
  /** Called after each step with what has been carried of how much: readings, scores and alert events together. */
  progress(done: number, of: number, what: string): void;
  /** Throws where somebody wants it to end. */
  proceed(): void;
}

/** An asset's state as it is right in another partition. One that cannot be read goes as it is; the processor says so. */
export function stateIn(partition: number, asset_id: string, state: Uint8Array): Uint8Array {
  try {
    return moveState(asset_id, state, partition, baselineHealthModel);
  } catch {
    return state;
  }
}

/** Carries all tenants over. What has been carried before is passed over, so it may be cut off and made again. */
export async function carry(options: CarryOptions): Promise<void> {
  const { source, target } = options;
  const tenants = await source.tenants();
  let of = 0;
  for (const { tenant_id } of tenants) {
    for (const { asset_id, sensors } of await source.assets(tenant_id)) {
      for (const { readings } of sensors) of += readings;
      of += await source.scoreCount(tenant_id, asset_id);
    }
    of += await source.lastAlertSeq(tenant_id);
  }
  let done = 0;
  for (const tenant of tenants) {
    const { tenant_id } = tenant;
    const moved = (count: number) => {
      done += count;
      options.progress(done, of, tenant_id);
      options.proceed();
    };
    await target.putTenant(tenant);
    for (const user of await source.users(tenant_id)) await target.putUser(user);
    for (const token of await source.tokens(tenant_id)) await target.putToken(token);
    for (const rule of await source.rules(tenant_id)) await target.putRule(tenant_id, rule);
    for (const model of await source.models(tenant_id)) await target.putModel(tenant_id, model);
    for (const upload of await source.uploads(tenant_id, MOST)) await target.putUpload(upload);
    await target.putSettings(tenant_id, await source.settings(tenant_id));
    const keys = await source.givenDefaults(tenant_id);
    if (keys !== undefined) await target.giveDefaults(tenant_id, { keys, rules: [], models: [] });
    await target.putAssets(tenant_id, await source.carriedAssets(tenant_id));
    const assets = await source.assets(tenant_id);
    await carryReadings(options, tenant_id, assets, moved);
    for (const { asset_id } of assets) await carryScores(options, tenant_id, asset_id, moved);
    await carryAlerts(options, tenant_id, moved);
    await carryStates(options, tenant_id);
  }
}

async function carryReadings(
  { source, target }: CarryOptions,
  tenant_id: string,
  assets: readonly Asset[],
  moved: (count: number) => void,
): Promise<void> {
  const there = new Map<string, number>();
  for (const { asset_id, sensors } of await target.assets(tenant_id))
    for (const { sensor_id, readings } of sensors) there.set(JSON.stringify([asset_id, sensor_id]), readings);
  let batches: Parameters<CarryTarget["putReadings"]>[0][number][] = [];
  let size = 0;
  const write = async () => {
    await target.putReadings(batches);
    moved(size);
    batches = [];
    size = 0;
  };
  for (const { asset_id, sensors } of assets)
    for (const { sensor_id, readings, latest } of sensors) {
      if (there.get(JSON.stringify([asset_id, sensor_id])) === readings) {
        moved(readings);
        continue;
      }
      // From the beginning, also where it was cut off in between: what is there changes nothing.
      for (let after: EpochMs | undefined; ; ) {
        const page = await source.page(tenant_id, {
          asset_id,
          sensor_id,
          limit: PAGE,
          ...(after !== undefined && { after }),
        });
        if (page.length === 0) break;
        batches.push({ tenant_id, received_at: latest.received_at, readings: page });
        size += page.length;
        after = page.at(-1)!.timestamp;
        if (size >= WRITE) await write();
      }
    }
  await write();
}

async function carryScores(
  { source, target }: CarryOptions,
  tenant_id: string,
  asset_id: string,
  moved: (count: number) => void,
): Promise<void> {
  const count = await source.scoreCount(tenant_id, asset_id);
  if ((await target.scoreCount(tenant_id, asset_id)) === count) return moved(count);
  for (let after = -1; ; ) {
    const scores = await source.scores(tenant_id, asset_id, after, SCORES);
    if (scores.length === 0) return;
    await target.putScores(tenant_id, scores);
    after = Math.floor(scores.at(-1)!.timestamp / 1_000);
    moved(scores.length);
  }
}

async function carryAlerts(
  { source, target }: CarryOptions,
  tenant_id: string,
  moved: (count: number) => void,
): Promise<void> {
  let after = await target.lastAlertSeq(tenant_id);
  moved(after);
  for (;;) {
    const events = await source.alertEvents(tenant_id, after, EVENTS);
    if (events.length === 0) return;
    await target.putAlertEvents(tenant_id, events);
    after = events.at(-1)!.seq;
    moved(events.length);
  }
}

async function carryStates(
  { source, target, partitionOf, log_id, proceed }: CarryOptions,
  tenant_id: string,
): Promise<void> {
  const states = (await source.loadState(tenant_id)).map(({ asset_id, state }) => {
    const partition = partitionOf(tenant_id, asset_id);
    return { asset_id, partition, state: stateIn(partition, asset_id, state) };
  });
  for (let at = 0; at < states.length; at += STATES) {
    await target.putStates(tenant_id, states.slice(at, at + STATES), log_id);
    proceed();
  }
}
