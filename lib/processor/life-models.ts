import { addToFrame, type ClosedFrame, openFrame } from "../domain/frame-assembly.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import { convert } from "../domain/units.ts";
import { type InstalledModel, installModel } from "../health/life/installed-model.ts";
import { parseModel } from "../health/life/model-file.ts";
import type { Store } from "../ports/store.ts";
import type { Logger } from "../ports/system.ts";
import { judgeLife, newLife, restoreLife } from "./asset-life.ts";
import type { AssetState } from "./asset-state.ts";

const PAGE = 10_000;
/** Of a sensor's history at most so many readings are read again for a new model. */
const READINGS_AT_MOST = 50_000;

/** The models in force for a tenant, by type of asset. A model that cannot be read is told of, and judges nothing. */
export async function loadModels(
  store: Pick<Store, "models">,
  tenant_id: string,
  known: ReadonlyMap<string, InstalledModel>,
  logger: Logger,
): Promise<Map<string, InstalledModel>> {
  const models = new Map<string, InstalledModel>();
  for (const { asset_type, model_id, file } of await store.models(tenant_id)) {
    const held = known.get(asset_type);
    if (held?.id === model_id) models.set(asset_type, held);
    else
      try {
        models.set(asset_type, installModel(parseModel(file)));
      } catch (error) {
        logger.error(
          { tenant_id, asset_type, error: error instanceof Error ? error.message : String(error) },
          "an installed model cannot be read; remaining life is not judged by it",
        );
      }
  }
  return models;
}

/**
 * Gives each asset the remaining life that is its model's: as saved where that is of the same model, else rebuilt from
 * the stored history, and said.
 */
export async function settleLives<H>(
  store: Pick<Store, "page">,
  tenant_id: string,
  assets: Iterable<AssetState<H>>,
  models: ReadonlyMap<string, InstalledModel>,
  logger: Logger,
): Promise<void> {
  const rebuilt = new Map<string, number>();
  for (const asset of assets) {
    const installed = models.get(asset.asset_type);
    if (installed === undefined) {
      asset.life = undefined;
      asset.saved_life = undefined;
      continue;
    }
    if (asset.life?.model_id === installed.id) continue;
    const { saved_life } = asset;
    asset.saved_life = undefined;
    if (saved_life?.model_id === installed.id)
      try {
        asset.life = restoreLife(saved_life, installed);
        continue;
      } catch {
        // Bytes of another version of the state: it is rebuilt, and that is said.
      }
    await rebuild(store, tenant_id, asset, installed);
    rebuilt.set(installed.id, (rebuilt.get(installed.id) ?? 0) + 1);
  }
  for (const [model, count] of rebuilt)
    logger.info({ tenant_id, model, assets: count }, "remaining life was rebuilt from history for a model");
}

async function rebuild<H>(
  store: Pick<Store, "page">,
  tenant_id: string,
  asset: AssetState<H>,
  installed: InstalledModel,
): Promise<void> {
  const life = newLife(installed);
  asset.life = life;
  const { step_ms, longest } = installed.model.parameters;
  const newest = Math.max(...asset.sensors.map(({ judged_at }) => judged_at));
  const from = step_ms === null ? undefined : newest - 2 * longest * step_ms;
  const readings: { number: number; value: number; timestamp: EpochMs }[] = [];
  for (const [number, { sensor_id, health_unit, judged_at }] of asset.sensors.entries())
    for await (const { value, unit, quality, timestamp } of historyOf(store, tenant_id, {
      asset_id: asset.asset_id,
      sensor_id,
      ...(from !== undefined && { from }),
      to: judged_at,
    })) {
      const converted = unit === health_unit ? value : convert(value, unit, health_unit);
      if (quality !== "bad" && converted !== undefined)
        readings.push({ number, value: converted, timestamp });
    }
  readings.sort((a, b) => a.timestamp - b.timestamp || a.number - b.number);
  // What is still being gathered live is not judged here: it will be when its frame closes.
  const open = asset.frame.second;
  const frame = openFrame();
  const take = (closed: ClosedFrame) => judgeLife(asset.asset_id, life, installed, asset.sensors, closed);
  for (const { number: sensor, value, timestamp } of readings) {
    if (open >= 0 && Math.floor(timestamp / 1_000) >= open) break;
    for (const closed of addToFrame(frame, { sensor, value, timestamp, offset: 0, received_at: 0 }))
      take(closed);
  }
  if (frame.second >= 0) {
    const { timestamp, offset, received_at, values } = frame;
    take({ timestamp, offset, received_at, values });
  }
}

async function* historyOf(
  store: Pick<Store, "page">,
  tenant_id: string,
  query: { asset_id: string; sensor_id: string; from?: EpochMs; to: EpochMs },
): AsyncGenerator<Reading> {
  let after: EpochMs | undefined;
  for (let read = 0; read < READINGS_AT_MOST; ) {
    const page = await store.page(tenant_id, {
      ...query,
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    yield* page;
    read += page.length;
    if (page.length < PAGE) return;
    after = page.at(-1)!.timestamp;
  }
}
