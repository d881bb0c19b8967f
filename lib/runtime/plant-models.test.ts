import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../adapters/embedded/store.ts";
import { modelKey } from "../domain/default-keys.ts";
import { installModel } from "../health/life/installed-model.ts";
import { modelId, parseModel } from "../health/life/model-file.ts";
import { MACHINES } from "../ingest/plant/machines.ts";
import type { Store } from "../ports/store.ts";
import { demoFigures } from "./commands/life/demo-figures.ts";
import { createLogger } from "./logger.ts";
import { givePlantModels, PLANT_MODEL_TYPES, plantModelName, plantModelPath } from "./plant-models.ts";

const shipped = (asset_type: string) => {
  const path = plantModelPath(asset_type);
  return parseModel(readFileSync(path, "utf8"), path);
};

describe("the models that FORESIGHT comes with", () => {
  it("are one for each type of the generated plant, whole and small", () => {
    expect([...PLANT_MODEL_TYPES].sort()).toEqual(MACHINES.map(({ asset_type }) => asset_type).sort());
    for (const asset_type of PLANT_MODEL_TYPES) {
      const file = shipped(asset_type);
      expect(file).toMatchObject({ name: plantModelName(asset_type), asset_types: [asset_type] });
      expect(file.parameters).toMatchObject({ unit: "hours", step_ms: 1_000 });
      expect(readFileSync(plantModelPath(asset_type)).length).toBeLessThan(64 * 1024);
    }
  });

  // Seeds that they did not learn from.
  it.each(PLANT_MODEL_TYPES)(
    "tell of what the demo streams that sound is sound and failing fails: %s",
    (asset_type) => {
      const figures = demoFigures(asset_type, installModel(shipped(asset_type)), {
        seeds: [151],
        seconds: 1_800,
        start: Date.UTC(2024, 5, 1, 15),
      });
      expect(figures.sound).toBeGreaterThan(2_500);
      expect(figures.above_low / figures.sound).toBeLessThan(0.01);
      // The first ten steps of each life.
      expect(figures.withheld / figures.all).toBeLessThan(0.03);
      expect(figures.faults).toBeGreaterThan(2);
      expect(figures.seen_50).toBe(figures.faults);
    },
    120_000,
  );
});

describe("[R-8.50] a tenant to which the plant streams", () => {
  const logger = createLogger("silent");
  const clock = { now: () => 1_000 };
  let data_dir: string;
  let store: Store;
  const give = () => givePlantModels(store, "demo", { clock, logger });
  const modelsOf = async (tenant_id: string) =>
    (await store.models(tenant_id)).map(({ asset_type, model_id }) => [asset_type, model_id]);
  const all = () =>
    [...PLANT_MODEL_TYPES].sort().map((asset_type) => [asset_type, modelId(shipped(asset_type))]);

  beforeEach(async () => {
    data_dir = mkdtempSync(join(tmpdir(), "foresight-plant-models-"));
    store = openStore({ data_dir, clock });
    await store.start();
    for (const tenant_id of ["demo", "north"])
      await store.addTenant({ tenant_id, name: tenant_id, created_at: 0 }, []);
  });
  afterEach(async () => {
    await store.stop();
    rmSync(data_dir, { recursive: true });
  });

  it("is given them, and nobody else is", async () => {
    await give();
    expect(await modelsOf("demo")).toEqual(all());
    expect(await modelsOf("north")).toEqual([]);
    const version = await store.configVersion();
    await give();
    expect(await store.configVersion()).toBe(version);
  });

  it("keeps models of its own, and what it removed stays removed", async () => {
    const own = { asset_type: "pump", model_id: "ours@1", installed_at: 0, file: "{}" };
    await store.putModel("demo", own);
    await give();
    await store.deleteModel("demo", "motor");
    await give();
    expect(await modelsOf("demo")).toEqual([
      ["compressor", modelId(shipped("compressor"))],
      ["pump", "ours@1"],
    ]);
  });

  it("gets newer ones in the place of those that it was given", async () => {
    const older = { asset_type: "pump", model_id: "plant-pump@0123456789ab", installed_at: 0, file: "{}" };
    await store.giveDefaults("demo", { keys: [modelKey("pump")], rules: [], models: [older] });
    await give();
    expect(await modelsOf("demo")).toEqual(all());
  });
});
