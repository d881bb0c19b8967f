import { describe, expect, it } from "vitest";
import { commit, OTHER, reading, type StoreTests, series, T0, TENANT } from "./harness.ts";

const SENSOR = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP" };

export const readingTests: StoreTests = (use) => {
  describe("readings", () => {
    it("come back in order of time, as they were", async () => {
      const { store } = use();
      const given = series([1.5, -2.25, 0.1 + 0.2, 1e300, -0]);
      given[1]!.quality = "bad";
      expect(await commit(store, { readings: given })).toMatchObject({ stored: 5, duplicates: 0 });
      expect(await store.history(TENANT, SENSOR)).toEqual(
        given.map(({ timestamp, value, quality }) => ({
          timestamp,
          until: timestamp,
          value,
          min: value,
          max: value,
          count: 1,
          quality,
        })),
      );
      expect(await store.page(TENANT, { ...SENSOR, limit: 10 })).toEqual(given);
    });

    it("[bad input 58] change nothing when they come again, and are counted: the first value wins", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2, 3]) });
      const again = await commit(store, { readings: series([9, 9, 9, 4]) });
      expect(again).toMatchObject({ stored: 1, duplicates: 3 });
      const values = (await store.history(TENANT, SENSOR)).map(({ value }) => value);
      expect(values).toEqual([1, 2, 3, 4]);
    });

    it("are drawn where they belong when they come late, among any number of others", async () => {
      const { store } = use();
      const all = series(Array.from({ length: 5_000 }, (_, i) => i % 97));
      const late = all.filter((_, i) => i % 7 === 3);
      await commit(store, { readings: all.filter((_, i) => i % 7 !== 3) });
      expect(await commit(store, { readings: late.reverse() })).toMatchObject({ stored: late.length });
      const history = await store.history(TENANT, SENSOR);
      expect(history.map(({ timestamp, value }) => [timestamp, value])).toEqual(
        all.map(({ timestamp, value }) => [timestamp, value]),
      );
      expect((await store.stats(TENANT)).readings).toBe(5_000);
    });

    it("are cut to a range, both ends included", async () => {
      const { store } = use();
      await commit(store, { readings: series(Array.from({ length: 2_000 }, (_, i) => i)) });
      const range = { from: T0 + 500_000, to: T0 + 1_500_000 };
      const history = await store.history(TENANT, { ...SENSOR, ...range });
      expect(history).toHaveLength(1_001);
      expect(history[0]).toMatchObject({ timestamp: range.from, value: 500 });
      expect(history.at(-1)).toMatchObject({ timestamp: range.to, value: 1_500 });
      expect(await store.history(TENANT, { ...SENSOR, from: T0 - 10, to: T0 - 1 })).toEqual([]);
      expect(await store.history(TENANT, { ...SENSOR, from: T0 + 1, to: T0 })).toEqual([]);
    });

    it("are summed up to the points asked for, and lose no extreme", async () => {
      const { store } = use();
      const values = Array.from({ length: 40_000 }, (_, i) => Math.round(1_000 * Math.sin(i / 900)) / 10);
      values[23_456] = 5_000;
      values[31_999] = -5_000;
      const given = series(values);
      given[12_345]!.quality = "bad";
      for (let i = 0; i < given.length; i += 4_000)
        await commit(store, { readings: given.slice(i, i + 4_000) });
      for (const max_points of [1, 7, 600, 2_000]) {
        const points = await store.history(TENANT, { ...SENSOR, max_points });
        expect(points.length).toBeLessThanOrEqual(max_points);
        expect(points.length).toBeGreaterThan(max_points / 3);
        expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(40_000);
        expect(Math.max(...points.map(({ max }) => max))).toBe(5_000);
        expect(Math.min(...points.map(({ min }) => min))).toBe(-5_000);
        expect(points.filter(({ quality }) => quality === "bad")).toHaveLength(1);
        for (const { timestamp, until, count, value, min, max } of points) {
          const part = values.slice((timestamp - T0) / 1_000, (until - T0) / 1_000 + 1);
          expect(count).toBe(part.length);
          expect(min).toBe(Math.min(...part));
          expect(max).toBe(Math.max(...part));
          expect(value).toBeCloseTo(part.reduce((sum, v) => sum + v, 0) / part.length, 6);
        }
      }
    });

    it("come one by one where there are no more than the points asked for", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2, 3, 4]) });
      const points = await store.history(TENANT, { ...SENSOR, max_points: 4 });
      expect(points.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    });

    it("can be paged through whole, with the type and the unit each came with", async () => {
      const { store } = use();
      const given = series(Array.from({ length: 3_000 }, (_, i) => i));
      for (const late of given.slice(2_000)) late.unit = "fahrenheit";
      await commit(store, { readings: given });
      const found = [];
      for (let after: number | undefined; ; after = found.at(-1)?.timestamp) {
        const page = await store.page(TENANT, { ...SENSOR, after, limit: 700 });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(700);
        found.push(...page);
      }
      expect(found).toEqual(given);
      const [sensor] = (await store.asset(TENANT, "PUMP-001"))!.sensors;
      expect(sensor!.unit).toBe("fahrenheit");
    });

    it("of a sensor that is not there, or is another tenant's, are none", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2]) });
      expect(await store.history(OTHER, SENSOR)).toEqual([]);
      expect(await store.page(OTHER, { ...SENSOR, limit: 10 })).toEqual([]);
      expect(await store.history(TENANT, { ...SENSOR, sensor_id: "x" })).toEqual([]);
    });
  });

  describe("assets", () => {
    it("show each sensor's newest reading by its own time, with when it was received", async () => {
      const { store } = use();
      await commit(store, {
        readings: [reading({ timestamp: T0 + 60_000, value: 2 })],
        received_at: T0 + 61_000,
      });
      await commit(store, { readings: [reading({ timestamp: T0, value: 1 })], received_at: T0 + 90_000 });
      await commit(store, {
        readings: [
          reading({ sensor_id: "PUMP-001-FLOW", sensor_type: "flow", unit: "l/min", quality: "uncertain" }),
        ],
        received_at: T0 + 10_000,
      });
      expect(await store.assets(TENANT)).toEqual([
        {
          asset_id: "PUMP-001",
          asset_type: "pump",
          sensors: [
            {
              sensor_id: "PUMP-001-FLOW",
              sensor_type: "flow",
              unit: "l/min",
              latest: { timestamp: T0, received_at: T0 + 10_000, value: 20, quality: "uncertain" },
              readings: 1,
              first_at: T0,
            },
            {
              sensor_id: "PUMP-001-TEMP",
              sensor_type: "temperature",
              unit: "celsius",
              latest: { timestamp: T0 + 60_000, received_at: T0 + 61_000, value: 2, quality: "good" },
              readings: 2,
              first_at: T0,
            },
          ],
          open_alerts: { info: 0, warning: 0, critical: 0 },
          received_at: T0 + 61_000,
        },
      ]);
    });

    it("are in order of their ids, and one alone is as it is in the list", async () => {
      const { store } = use();
      await commit(store, { readings: ["M-2", "A-1", "Z-9"].map((asset_id) => reading({ asset_id })) });
      const assets = await store.assets(TENANT);
      expect(assets.map(({ asset_id }) => asset_id)).toEqual(["A-1", "M-2", "Z-9"]);
      expect(await store.asset(TENANT, "M-2")).toEqual(assets[1]);
      expect(await store.asset(TENANT, "none")).toBeUndefined();
    });

    it("have the type that a reading names first, until a person chooses another for good", async () => {
      const { store } = use();
      const type = async () => (await store.asset(TENANT, "PUMP-001"))?.asset_type;
      await commit(store, { readings: [reading()] });
      expect(await type()).toBe("pump");
      const before = await store.configVersion();
      await commit(store, { readings: [reading({ timestamp: T0 + 1, asset_type: "compressor" })] });
      expect(await type()).toBe("compressor");
      expect(await store.configVersion()).not.toBe(before);
      await store.setAssetType(TENANT, "PUMP-001", "fan");
      await commit(store, { readings: [reading({ timestamp: T0 + 2, asset_type: "motor" })] });
      expect(await type()).toBe("fan");
    });

    it("[bad input 30] of another tenant are as if they were not there", async () => {
      const { store } = use();
      await commit(store, { readings: [reading()] });
      expect(await store.assets(OTHER)).toEqual([]);
      expect(await store.asset(OTHER, "PUMP-001")).toBeUndefined();
      await expect(store.setAssetType(OTHER, "PUMP-001", "fan")).rejects.toMatchObject({ code: "not_found" });
      expect((await store.asset(TENANT, "PUMP-001"))?.asset_type).toBe("pump");
    });

    it("with the same names in two tenants stay apart", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2, 3]) });
      await commit(store, { readings: series([7]), tenant_id: OTHER });
      expect((await store.history(TENANT, SENSOR)).map(({ value }) => value)).toEqual([1, 2, 3]);
      expect((await store.history(OTHER, SENSOR)).map(({ value }) => value)).toEqual([7]);
      expect(await store.stats(OTHER)).toEqual({
        tenant_id: OTHER,
        readings: 1,
        assets: 1,
        sensors: 1,
        open_alerts: 0,
        from: T0,
        to: T0,
      });
    });
  });

  it("tells of a tenant without readings that there are none", async () => {
    const { store } = use();
    expect(await store.stats(TENANT)).toEqual({
      tenant_id: TENANT,
      readings: 0,
      assets: 0,
      sensors: 0,
      open_alerts: 0,
      from: null,
      to: null,
    });
  });
};
