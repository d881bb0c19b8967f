import { describe, expect, it } from "vitest";
import { OTHER, type StoreTests, T0, TENANT } from "./harness.ts";

const model = (asset_type: string, model_id: string) => ({
  asset_type,
  model_id,
  installed_at: T0,
  file: `{"name":"${model_id}"}`,
});

export const modelTests: StoreTests = (use) => {
  describe("models of remaining life", () => {
    it("[R-8.48] are one for each type of asset, and each change is noticed", async () => {
      const { store } = use();
      const before = await store.configVersion();
      await store.putModel(TENANT, model("pump", "pump@1"));
      await store.putModel(TENANT, model("engine", "engine@1"));
      await store.putModel(TENANT, model("pump", "pump@2"));
      expect(await store.models(TENANT)).toEqual([model("engine", "engine@1"), model("pump", "pump@2")]);
      const between = await store.configVersion();
      expect(between).not.toBe(before);
      expect(await store.deleteModel(TENANT, "pump")).toBe(true);
      expect(await store.deleteModel(TENANT, "pump")).toBe(false);
      expect(await store.models(TENANT)).toEqual([model("engine", "engine@1")]);
      expect(await store.configVersion()).not.toBe(between);
    });

    it("[bad input 30] of another tenant are not there", async () => {
      const { store } = use();
      await store.putModel(TENANT, model("pump", "pump@1"));
      expect(await store.models(OTHER)).toEqual([]);
      expect(await store.deleteModel(OTHER, "pump")).toBe(false);
    });
  });
};
