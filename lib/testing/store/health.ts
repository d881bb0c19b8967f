import { describe, expect, it } from "vitest";
import { staleScore } from "../../domain/stale-score.ts";
import { commit, OTHER, reading, type StoreTests, score, T0, TENANT } from "./harness.ts";

export const healthTests: StoreTests = (use) => {
  describe("health", () => {
    it("comes back in order of time, and the newest with its asset", async () => {
      const { store } = use();
      const scores = [80, 75, null, 60].map((value, i) =>
        score({
          score: value,
          risk_level: value === null ? null : "low",
          timestamp: T0 + i * 1_000,
          source_offset: i,
        }),
      );
      await commit(store, { readings: [reading()], health: scores });
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toEqual(scores);
      expect((await store.asset(TENANT, "PUMP-001"))?.health).toEqual(scores[3]);
      expect(
        await store.healthHistory(TENANT, { asset_id: "PUMP-001", from: T0 + 1_000, to: T0 + 2_000 }),
      ).toEqual(scores.slice(1, 3));
    });

    it("[R-8.30] keeps the remaining life with its interval", async () => {
      const { store } = use();
      const life = { rul: 31.2, rul_low: 22, rul_high: 44.5, rul_unit: "cycles", model: "engine@1" } as const;
      const known = score({ ...life });
      const withheld = score({
        ...life,
        ...{ rul: null, rul_low: null, rul_high: null, reason: "sensors are missing" },
        timestamp: T0 + 1_000,
        source_offset: 1,
      });
      await commit(store, { readings: [reading()], health: [known, withheld] });
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toEqual([known, withheld]);
      expect((await store.asset(TENANT, "PUMP-001"))?.health).toEqual(withheld);
    });

    it("[R-8.1] that is not newer than what its asset has is dropped", async () => {
      const { store } = use();
      const first = score({ source_offset: 10 });
      await commit(store, { health: [first] });
      await commit(store, {
        health: [
          score({ source_offset: 10, timestamp: T0 + 1_000 }),
          score({ source_offset: 9, timestamp: T0 + 2_000 }),
          score({ source_offset: 3, timestamp: T0 + 3_000, asset_id: "PUMP-002" }),
        ],
      });
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toEqual([first]);
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-002" })).toHaveLength(1);
    });

    it("[R-8.23] is followed by one stale score, which is what is known of the asset and no part of its history", async () => {
      const { store, health_log_outside } = use();
      const known = score({ source_offset: 10, timestamp: T0 + 999 });
      const of = { tenant_id: TENANT, asset_id: "PUMP-001", received_at: T0 };
      const stale = staleScore(of, { ...known, stale: false }, undefined);
      const health = async () => (await store.asset(TENANT, "PUMP-001"))?.health;
      await commit(store, { health: [known, stale] });
      expect(await health()).toEqual(stale);
      // Told again, as by a processor that died after telling.
      await commit(store, { health: [stale] });
      expect(await health()).toEqual(stale);
      if (!health_log_outside) expect((await store.snapshot(TENANT)).positions.health_scores.next[0]).toBe(2);

      const next = score({ source_offset: 11, timestamp: T0 + 1_000 });
      await commit(store, { health: [next] });
      expect(await health()).toEqual(next);
      await commit(store, { health: [stale] });
      expect(await health()).toEqual(next);
      const again = staleScore(of, { ...next, stale: false }, undefined);
      await commit(store, { health: [again] });
      expect(await health()).toEqual(again);
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toEqual([known, next]);
    });

    it("[R-8.2] is at most one an asset and second of event time", async () => {
      const { store, health_log_outside } = use();
      const times = [0, 400, 999, 1_000, 1_500, 2_000];
      await commit(store, {
        health: times.map((ms, i) => score({ timestamp: T0 + ms, source_offset: i })),
      });
      const kept = await store.healthHistory(TENANT, { asset_id: "PUMP-001" });
      expect(kept.map(({ timestamp }) => timestamp - T0)).toEqual([0, 1_000, 2_000]);
      const { positions } = await store.snapshot(TENANT);
      if (!health_log_outside) expect(positions.health_scores.next[0]).toBe(3);
    });

    it("goes on when the log it was made from is a new one", async () => {
      const { store } = use();
      await commit(store, { health: [score({ source_offset: 1_000 })] });
      await store.processorPosition("log-2");
      await store.commit({
        partition: 0,
        from_offset: 0,
        next_offset: 1,
        readings: [],
        commands: [],
        health: [score({ source_offset: 0, timestamp: T0 + 5_000, score: 50 })],
        state: [],
      });
      expect((await store.asset(TENANT, "PUMP-001"))?.health?.score).toBe(50);
    });

    it("is thinned to the points asked for, and loses no extreme", async () => {
      const { store } = use();
      const values = Array.from({ length: 3_000 }, (_, i) => 50 + Math.round(40 * Math.sin(i / 300)));
      values[1_234] = 1;
      values[2_345] = 99;
      await commit(store, {
        health: values.map((value, i) =>
          score({ score: value, timestamp: T0 + i * 1_000, source_offset: i }),
        ),
      });
      for (const max_points of [1, 2, 100, 601]) {
        const points = await store.healthHistory(TENANT, { asset_id: "PUMP-001", max_points });
        expect(points.length).toBeLessThanOrEqual(max_points);
        expect(points.length).toBeGreaterThanOrEqual(Math.min(max_points, 2) / 2);
        expect(Math.min(...points.map((point) => point.score!))).toBe(1);
        if (max_points > 1) expect(Math.max(...points.map((point) => point.score!))).toBe(99);
        const times = points.map(({ timestamp }) => timestamp);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    });

    it("[bad input 30] of another tenant is not there", async () => {
      const { store } = use();
      await commit(store, { health: [score()] });
      expect(await store.healthHistory(OTHER, { asset_id: "PUMP-001" })).toEqual([]);
    });
  });
};
