import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { modelKey } from "../domain/default-keys.ts";
import { type ModelFile, modelId, parseModel } from "../health/life/model-file.ts";
import type { Store } from "../ports/store.ts";
import type { Clock, Logger } from "../ports/system.ts";
import { projectRoot } from "./project-root.ts";

/** Types of asset that FORESIGHT comes with a model for: those of its generated plant. */
export const PLANT_MODEL_TYPES = ["pump", "motor", "compressor"] as const;

/** Where the models are that FORESIGHT comes with; `scripts/plant-models.ts` writes them. */
export function plantModelPath(asset_type: string): string {
  return join(projectRoot(), "models", `${asset_type}.model.json`);
}

/** Models of the generated plant are known by their names: only they are replaced by newer ones. */
export const plantModelName = (asset_type: string): string => `plant-${asset_type}`;

/**
 * Lets the models of the generated plant judge a tenant to which that plant streams. Each is given once: one that was
 * removed stays so, and one of the tenant's own stays in its place. One that was given before and is still there is
 * brought up to date. Nobody else is given them: a pump elsewhere has other levels and another pace.
 */
export async function givePlantModels(
  store: Pick<Store, "models" | "putModel" | "givenDefaults" | "giveDefaults">,
  tenant_id: string,
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<void> {
  const given = new Set(await store.givenDefaults(tenant_id));
  const held = new Map(
    (await store.models(tenant_id)).map(({ asset_type, model_id }) => [asset_type, model_id]),
  );
  for (const asset_type of PLANT_MODEL_TYPES) {
    const path = plantModelPath(asset_type);
    let file: string;
    let parsed: ModelFile;
    try {
      file = await readFile(path, "utf8");
      parsed = parseModel(file, path);
    } catch (error) {
      logger.error({ path, error: (error as Error).message }, "a model of the demo plant cannot be read");
      continue;
    }
    const model = { asset_type, model_id: modelId(parsed), installed_at: clock.now(), file };
    const present = held.get(asset_type);
    if (!given.has(modelKey(asset_type)))
      await store.giveDefaults(tenant_id, { keys: [modelKey(asset_type)], rules: [], models: [model] });
    else if (present?.startsWith(`${plantModelName(asset_type)}@`) && present !== model.model_id)
      await store.putModel(tenant_id, model);
  }
}
