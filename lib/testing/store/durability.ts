import { describe, expect, it } from "vitest";
import { commit, LOG, raise, type StoreTests, score, series, T0, TENANT } from "./harness.ts";

const SENSOR = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP" };

export const durabilityTests: StoreTests = (use) => {
  describe("after a restart", () => {
    it("all is as it was, and nothing is stored twice", async () => {
      const { store } = use();
      const given = series(Array.from({ length: 1_300 }, (_, i) => i / 4));
      await store.addTenant({ tenant_id: TENANT, name: "North", created_at: T0 }, []);
      await commit(store, {
        readings: given,
        commands: [{ tenant_id: TENANT, commands: [raise("a")] }],
        health: [score()],
        state: [{ tenant_id: TENANT, asset_id: "PUMP-001", state: new Uint8Array([4, 2]) }],
      });
      const before = [
        await store.snapshot(TENANT),
        await store.history(TENANT, SENSOR),
        await store.stats(TENANT),
        await store.alertLogId(),
        await store.configVersion(),
        await store.tenants(),
      ];
      await store.stop();
      await store.start();
      expect([
        await store.snapshot(TENANT),
        await store.history(TENANT, SENSOR),
        await store.stats(TENANT),
        await store.alertLogId(),
        await store.configVersion(),
        await store.tenants(),
      ]).toEqual(before);
      expect((await store.loadState(TENANT)).map(({ state }) => [...state])).toEqual([[4, 2]]);
      expect(await store.processorPosition(LOG)).toEqual({ log_id: LOG, next: { 0: 1_300 } });
      expect(await commit(store, { readings: given })).toMatchObject({ stored: 0, duplicates: 1_300 });
      const again = await commit(store, { commands: [{ tenant_id: TENANT, commands: [raise("a")] }] });
      expect(again.alert_events).toEqual([]);
    });

    it("starts and stops as often as it is told", async () => {
      const { store } = use();
      await store.start();
      await store.stop();
      await store.stop();
      await expect(store.tenants()).rejects.toMatchObject({ code: "unavailable" });
      await store.start();
      expect(await store.tenants()).toEqual([]);
    });
  });
};
