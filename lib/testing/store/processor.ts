import { describe, expect, it } from "vitest";
import { commit, LOG, OTHER, raise, reading, type StoreTests, score, series, T0, TENANT } from "./harness.ts";

const SENSOR = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP" };

export const processorTests: StoreTests = (use) => {
  describe("the processor's commit", () => {
    it("moves the saved position with what it includes", async () => {
      const { store } = use();
      expect(await store.processorPosition(LOG)).toEqual({ log_id: LOG, next: { 0: 0 } });
      await commit(store, { readings: series([1, 2, 3]) });
      expect(await store.processorPosition(LOG)).toEqual({ log_id: LOG, next: { 0: 3 } });
    });

    it("[fault 6] that starts anywhere but at the saved position changes nothing at all", async () => {
      const { store, another } = use();
      const late = await another();
      await late.processorPosition(LOG);
      await commit(store, { readings: series([1, 2]) });
      await expect(
        late.commit({
          partition: 0,
          from_offset: 0,
          next_offset: 5,
          readings: [{ tenant_id: TENANT, received_at: T0, readings: series([7, 7, 7, 7, 7]) }],
          commands: [{ tenant_id: TENANT, commands: [raise("a")] }],
          health: [score()],
          state: [{ tenant_id: TENANT, asset_id: "PUMP-001", state: new Uint8Array([1]) }],
        }),
      ).rejects.toMatchObject({ code: "conflict" });
      expect(await store.processorPosition(LOG)).toEqual({ log_id: LOG, next: { 0: 2 } });
      expect((await store.history(TENANT, SENSOR)).map(({ value }) => value)).toEqual([1, 2]);
      expect(await store.lastAlertSeq(TENANT)).toBe(0);
      expect(await store.healthHistory(TENANT, { asset_id: "PUMP-001" })).toEqual([]);
      expect(await store.loadState(TENANT)).toEqual([]);
    });

    it("never sets the position back", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2, 3]) });
      await expect(commit(store, { from_offset: 3, next_offset: 2 })).rejects.toMatchObject({
        code: "invalid_request",
      });
      expect((await store.processorPosition(LOG)).next[0]).toBe(3);
    });

    it("leaves nothing behind in memory when it fails", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2]) });
      await expect(
        commit(store, { readings: [reading({ timestamp: T0 + 9_000 })], next_offset: -1 }),
      ).rejects.toThrow();
      expect(await commit(store, { readings: [reading({ timestamp: T0 + 9_000, value: 5 })] })).toMatchObject(
        {
          stored: 1,
          duplicates: 0,
        },
      );
      expect((await store.stats(TENANT)).readings).toBe(3);
    });

    it("keeps each asset's state as it was given, the last one", async () => {
      const { store } = use();
      const state = (asset_id: string, ...bytes: number[]) => ({ asset_id, state: new Uint8Array(bytes) });
      await commit(store, { state: [{ tenant_id: TENANT, ...state("A", 1, 2) }] });
      await commit(store, {
        state: [
          { tenant_id: TENANT, ...state("A", 3, 0, 255) },
          { tenant_id: TENANT, ...state("B") },
          { tenant_id: OTHER, ...state("A", 9) },
        ],
      });
      const loaded = (await store.loadState(TENANT)).map(({ asset_id, state }) => [asset_id, [...state]]);
      expect(loaded).toEqual([
        ["A", [3, 0, 255]],
        ["B", []],
      ]);
    });

    it("tells of each state which log it is of", async () => {
      const { store } = use();
      await commit(store, { state: [{ tenant_id: TENANT, asset_id: "A", state: new Uint8Array([1]) }] });
      await store.processorPosition("log-2");
      expect((await store.loadState(TENANT)).map(({ included }) => included?.log_id)).toEqual([LOG]);
    });

    it("begins at 0 of a new log, and the readings of the old one stay", async () => {
      const { store } = use();
      await commit(store, { readings: series([1, 2]) });
      expect(await store.processorPosition("log-2")).toEqual({ log_id: "log-2", next: { 0: 0 } });
      expect((await store.snapshot(TENANT)).positions.sensor_data).toEqual({
        log_id: "log-2",
        next: { 0: 0 },
      });
      expect((await store.stats(TENANT)).readings).toBe(2);
    });

    it("may be made by another store in turn, and neither counts a reading twice", async () => {
      const { store, another } = use();
      const beside = await another();
      const given = series(Array.from({ length: 1_200 }, (_, i) => i));
      for (let i = 0; i < 1_200; i += 100) {
        const by = (i / 100) % 2 === 0 ? store : beside;
        // Each brings the hundred before again.
        const { stored } = await commit(by, { readings: given.slice(Math.max(0, i - 100), i + 100) });
        expect(stored).toBe(100);
      }
      expect((await store.history(TENANT, SENSOR)).map(({ value }) => value)).toEqual(
        given.map(({ value }) => value),
      );
      expect((await beside.stats(TENANT)).readings).toBe(1_200);
    });

    it("goes on while an operator acts on the same alerts through another store", async () => {
      const { store, another } = use();
      const operator = await another();
      const rounds = 30;
      const processing = (async () => {
        for (let i = 0; i < rounds; i++)
          await commit(store, {
            readings: [reading({ timestamp: T0 + i })],
            commands: [{ tenant_id: TENANT, commands: [raise(`raise-${i}`, { rule_id: `rule-${i % 3}` })] }],
          });
      })();
      const operating = (async () => {
        for (let i = 0; i < rounds; i++) {
          const [newest] = await operator.alerts(TENANT, { state: ["open"], limit: 1 });
          if (newest === undefined) continue;
          await operator.execute(TENANT, [
            { kind: "resolve", event_id: `resolve-${i}`, at: T0, by: "anna", alert_id: newest.id },
          ]);
        }
      })();
      await Promise.all([processing, operating]);
      const events = await store.alertEvents(TENANT, 0, 1_000);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
      expect(events.filter(({ event_id }) => event_id.startsWith("raise"))).toHaveLength(rounds);
      for (const rule_id of ["rule-0", "rule-1", "rule-2"]) {
        const active = (await store.snapshot(TENANT)).alerts.filter((alert) => alert.rule_id === rule_id);
        expect(active.length).toBeLessThanOrEqual(1);
      }
      expect((await store.stats(TENANT)).readings).toBe(rounds);
    });
  });

  describe("a snapshot", () => {
    it("[R-7.8] is one state: assets, active alerts and the positions to go on from", async () => {
      const { store, health_log_outside } = use();
      await commit(store, {
        readings: series([1, 2]),
        commands: [{ tenant_id: TENANT, commands: [raise("a"), raise("b", { rule_id: "cold" })] }],
        health: [score({ source_offset: 1 })],
        ...(health_log_outside && { health_position: { log_id: "scores-1", next: { 0: 1 } } }),
      });
      await store.execute(TENANT, [{ kind: "resolve", event_id: "r", at: T0, by: "anna", alert_id: "a" }]);
      const { assets, alerts, positions } = await store.snapshot(TENANT);
      expect(assets).toEqual(await store.assets(TENANT));
      expect(alerts.map(({ id }) => id)).toEqual(["b"]);
      expect(positions.sensor_data).toEqual({ log_id: LOG, next: { 0: 2 } });
      expect(positions.health_scores.next).toEqual({ 0: 1 });
      expect(positions.alerts).toEqual({ log_id: await store.alertLogId(), seq: 3 });
    });

    it("[bad input 30] holds nothing of another tenant", async () => {
      const { store } = use();
      await commit(store, {
        readings: series([1]),
        commands: [{ tenant_id: TENANT, commands: [raise("a")] }],
        health: [score()],
      });
      const { assets, alerts, positions } = await store.snapshot(OTHER);
      expect({ assets, alerts, seq: positions.alerts.seq }).toEqual({ assets: [], alerts: [], seq: 0 });
    });
  });
};
