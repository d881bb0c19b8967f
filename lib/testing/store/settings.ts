import { describe, expect, it } from "vitest";
import type { StoredSettings } from "../../domain/tenant-settings.ts";
import { OTHER, type StoreTests, T0, TENANT } from "./harness.ts";

const berlin: StoredSettings = {
  time_zone: "Europe/Berlin",
  units: { temperature: "celsius", "gauge pressure": "barg" },
  changed_at: T0,
  changed_by: "anna",
};

export const settingsTests: StoreTests = (use) => {
  describe("settings of a tenant", () => {
    it("are the readers' own zone and the units as they came until someone changes them", async () => {
      expect(await use().store.settings(TENANT)).toEqual({ time_zone: null, units: {} });
    });

    it("are replaced as a whole, seen by every store, and change nothing that the processor loads", async () => {
      const { store, another } = use();
      const version = await store.configVersion();
      await store.putSettings(TENANT, berlin);
      expect(await (await another()).settings(TENANT)).toEqual(berlin);
      const back: StoredSettings = { time_zone: null, units: {}, changed_at: T0 + 1, changed_by: "ben" };
      await store.putSettings(TENANT, back);
      expect(await store.settings(TENANT)).toEqual(back);
      expect(await store.configVersion()).toBe(version);
    });

    it("[bad input 30] of another tenant are not there", async () => {
      const { store } = use();
      await store.putSettings(TENANT, berlin);
      expect(await store.settings(OTHER)).toEqual({ time_zone: null, units: {} });
    });
  });
};
