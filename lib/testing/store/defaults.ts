import { beforeEach, describe, expect, it } from "vitest";
import { type Rule, ruleSchema } from "../../domain/rule.ts";
import { OTHER, type StoreTests, T0, TENANT } from "./harness.ts";

const rule = (id: string, limit = 50): Rule =>
  ruleSchema.parse({ id, title: id, severity: "warning", condition: { kind: "health", limit } });
const model = (model_id: string) => ({ asset_type: "pump", model_id, installed_at: T0, file: "{}" });

export const defaultsTests: StoreTests = (use) => {
  describe("defaults of a tenant", () => {
    beforeEach(async () => {
      const { store } = use();
      await store.addTenant({ tenant_id: TENANT, name: "North", created_at: T0 }, [rule("a"), rule("b")]);
      await store.addTenant({ tenant_id: OTHER, name: "South", created_at: T0 }, []);
    });

    it("[R-7.26] are remembered as given, those of its beginning too", async () => {
      const { store, another } = use();
      expect(await store.givenDefaults(TENANT)).toEqual(["rule/a", "rule/b"]);
      expect(await store.givenDefaults(OTHER)).toEqual([]);
      expect(await store.givenDefaults("none")).toBeUndefined();
      await store.deleteRule(TENANT, "a");
      await store.giveDefaults(TENANT, {
        keys: ["rule/b", "rule/c", "model/pump"],
        rules: [rule("c")],
        models: [],
      });
      const further = await another();
      expect((await further.givenDefaults(TENANT))!.toSorted()).toEqual([
        "model/pump",
        "rule/a",
        "rule/b",
        "rule/c",
      ]);
      expect((await further.rules(TENANT)).map(({ id }) => id)).toEqual(["b", "c"]);
    });

    it("[R-7.26] never take the place of what is there, and are noticed only where something came", async () => {
      const { store } = use();
      await store.putRule(TENANT, rule("a", 10));
      await store.putModel(TENANT, model("own@1"));
      const before = await store.configVersion();
      const given = { keys: ["rule/a", "model/pump"], rules: [rule("a")], models: [model("given@1")] };
      await store.giveDefaults(TENANT, given);
      expect((await store.rules(TENANT))[0]).toEqual(rule("a", 10));
      expect(await store.models(TENANT)).toEqual([model("own@1")]);
      expect(await store.configVersion()).toBe(before);
      await store.giveDefaults(OTHER, given);
      expect(await store.configVersion()).not.toBe(before);
      expect(await store.rules(OTHER)).toEqual([rule("a")]);
      expect(await store.models(OTHER)).toEqual([model("given@1")]);
    });

    it("are none of a tenant that does not exist", async () => {
      const { store } = use();
      await store.giveDefaults("none", { keys: ["rule/a"], rules: [rule("a")], models: [] });
      expect(await store.tenant("none")).toBeUndefined();
      expect(await store.rules("none")).toEqual([]);
    });
  });
};
