import { addToFrame, type ClosedFrame, openFrame } from "../domain/frame-assembly.ts";
import { type InstalledModel, installModel } from "../health/life/installed-model.ts";
import { parseModel } from "../health/life/model-file.ts";
import type { Store } from "../ports/store.ts";
import type { Logger } from "../ports/system.ts";
import { judgeLife, newLife, restoreLife } from "./asset-life.ts";
import type { AssetState } from "./asset-state.ts";
import { chooseHistory, type HistoryStore, readLifeHistory } from "./life-history.ts";

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
 * the stored history, and said. Memory is bounded, however long an asset has lived.
 */
export async function settleLives<H>(
  store: HistoryStore,
  tenant_id: string,
  assets: Iterable<AssetState<H>>,
  models: ReadonlyMap<string, InstalledModel>,
  logger: Logger,
): Promise<void> {
  const rebuilt = new Map<string, { assets: number; in_parts: number }>();
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
    const read = await rebuild(store, tenant_id, asset, installed);
    const { assets, in_parts } = rebuilt.get(installed.id) ?? { assets: 0, in_parts: 0 };
    rebuilt.set(installed.id, { assets: assets + 1, in_parts: in_parts + (read === "parts" ? 1 : 0) });
  }
  for (const [model, { assets, in_parts }] of rebuilt)
    logger.info(
      { tenant_id, model, assets, in_parts },
      "remaining life was rebuilt from history for a model; of those in parts from their beginning and newest part",
    );
}

/** @returns whether all of the history that tells something was read, or its beginning and its newest part */
async function rebuild<H>(
  store: HistoryStore,
  tenant_id: string,
  asset: AssetState<H>,
  installed: InstalledModel,
): Promise<"whole" | "parts"> {
  const life = newLife(installed);
  asset.life = life;
  const { stretches } = await chooseHistory(store, tenant_id, asset, installed.model.parameters);
  // What is still being gathered live is not judged here: it will be when its frame closes.
  const open = asset.frame.second;
  const take = (closed: ClosedFrame) => judgeLife(asset.asset_id, life, installed, asset.sensors, closed);
  for (const stretch of stretches) {
    const frame = openFrame();
    for await (const { sensor, value, timestamp } of readLifeHistory(store, tenant_id, asset, stretch)) {
      if (open >= 0 && Math.floor(timestamp / 1_000) >= open) break;
      for (const closed of addToFrame(frame, { sensor, value, timestamp, offset: 0, received_at: 0 }))
        take(closed);
    }
    if (frame.second >= 0) {
      const { timestamp, offset, received_at, values } = frame;
      take({ timestamp, offset, received_at, values });
    }
  }
  return stretches.length > 1 ? "parts" : "whole";
}
