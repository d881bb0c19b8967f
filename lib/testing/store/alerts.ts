import { describe, expect, it, vi } from "vitest";
import type { Alert } from "../../domain/alert.ts";
import type { Store } from "../../ports/store.ts";
import { commit, OTHER, raise, reading, type StoreTests, T0, TENANT } from "./harness.ts";

const acknowledge = (alert_id: string, event_id = `ack-${alert_id}`) =>
  ({ kind: "acknowledge", event_id, at: T0 + 5_000, by: "anna", alert_id }) as const;

/** Ten alerts, 00 oldest; odd ones critical, each of its own rule. */
async function ten(store: Store): Promise<void> {
  const commands = Array.from({ length: 10 }, (_, i) =>
    raise(`0${i}`, {
      rule_id: `rule-${i}`,
      at: T0 + Math.floor(i / 2) * 1_000,
      severity: i % 2 === 0 ? "warning" : "critical",
      asset_id: i < 5 ? "PUMP-001" : "PUMP-002",
    }),
  );
  await store.execute(TENANT, commands);
}

const ids = (alerts: Alert[]) => alerts.map(({ id }) => id);

export const alertTests: StoreTests = (use) => {
  describe("alerts", () => {
    it("[R-7.1] are a log: one event a change, numbered densely per tenant from 1", async () => {
      const { store } = use();
      await commit(store, {
        commands: [
          { tenant_id: TENANT, commands: [raise("a"), raise("b", { rule_id: "cold" })] },
          { tenant_id: OTHER, commands: [raise("c")] },
        ],
      });
      await store.execute(TENANT, [acknowledge("a")]);
      const events = await store.alertEvents(TENANT, 0, 100);
      expect(events.map(({ seq, kind }) => [seq, kind])).toEqual([
        [1, "raised"],
        [2, "raised"],
        [3, "acknowledged"],
      ]);
      expect((await store.alertEvents(OTHER, 0, 100)).map(({ seq }) => seq)).toEqual([1]);
      expect(await store.alertEvents(TENANT, 1, 1)).toEqual([events[1]]);
      expect(await store.lastAlertSeq(TENANT)).toBe(3);
      expect(await store.lastAlertSeq("nobody")).toBe(0);
    });

    it("[R-7.2] do nothing twice: an event's id that is known has been done", async () => {
      const { store } = use();
      const once = { commands: [{ tenant_id: TENANT, commands: [raise("a"), raise("a")] }] };
      expect((await commit(store, once)).alert_events).toHaveLength(1);
      expect((await commit(store, once)).alert_events).toEqual([]);
      expect(await store.execute(TENANT, [acknowledge("a")])).toHaveLength(1);
      expect(await store.execute(TENANT, [acknowledge("a")])).toEqual([]);
      expect(await store.lastAlertSeq(TENANT)).toBe(2);
    });

    it("[R-7.3] are one a rule and sensor while they are active; again is a recurrence", async () => {
      const { store } = use();
      await store.execute(TENANT, [raise("a"), raise("b", { severity: "critical", metric_value: 99 })]);
      const alerts = await store.alerts(TENANT, { limit: 10 });
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toMatchObject({ id: "a", occurrences: 2, severity: "critical", metric_value: 99 });
      await store.execute(TENANT, [{ ...acknowledge("a"), kind: "resolve" }, raise("c")]);
      expect(ids(await store.alerts(TENANT, { state: ["open"], limit: 10 }))).toEqual(["c"]);
    });

    it("[R-7.4] are resolved by a clearing condition once acknowledged, and marked cleared before", async () => {
      const { store } = use();
      const clear = {
        kind: "clear",
        at: T0 + 9_000,
        by: "rule",
        asset_id: "PUMP-001",
        metric_value: 80,
      } as const;
      const of = { rule_id: "hot", sensor_id: "PUMP-001-TEMP" };
      await store.execute(TENANT, [
        raise("a"),
        raise("b", { rule_id: "cold" }),
        acknowledge("a"),
        { ...clear, ...of, event_id: "clear-a" },
        { ...clear, ...of, rule_id: "cold", event_id: "clear-b" },
      ]);
      expect((await store.alert(TENANT, "a"))?.alert.state).toBe("resolved");
      expect((await store.alert(TENANT, "b"))?.alert.state).toBe("cleared");
      await store.execute(TENANT, [acknowledge("b")]);
      expect((await store.alert(TENANT, "b"))?.alert).toMatchObject({ state: "resolved", owner: "anna" });
    });

    it("[R-7.23] go back to what they were when an acknowledgement or a resolution is taken back", async () => {
      const { store } = use();
      const undo = (kind: "unacknowledge" | "reopen", event_id: string) =>
        store.execute(TENANT, [{ kind, event_id, at: T0 + 9_000, by: "ben", alert_id: "a" }]);
      await store.execute(TENANT, [raise("a"), acknowledge("a")]);
      await undo("unacknowledge", "u1");
      const opened = (await store.alert(TENANT, "a"))!.alert;
      expect(opened.state).toBe("open");
      expect(opened).not.toHaveProperty("owner");
      expect(await undo("unacknowledge", "u2")).toEqual([]);

      await store.execute(TENANT, [{ ...acknowledge("a", "r1"), kind: "resolve" }]);
      await undo("reopen", "o1");
      expect((await store.alert(TENANT, "a"))!.alert).toEqual({ ...opened, updated_at: T0 + 9_000 });
      await store.execute(TENANT, [
        acknowledge("a", "again"),
        { ...acknowledge("a", "r2"), kind: "resolve", by: "carl" },
      ]);
      await undo("reopen", "o2");
      expect((await store.alert(TENANT, "a"))!.alert).toMatchObject({ state: "acknowledged", owner: "anna" });
      expect((await store.alert(TENANT, "a"))!.events.map(({ kind }) => kind)).toEqual([
        "raised",
        "acknowledged",
        "unacknowledged",
        "resolved",
        "reopened",
        "acknowledged",
        "resolved",
        "reopened",
      ]);
    });

    it("[R-7.23] [R-7.3] are not reopened beside a newer one, nor where the condition resolved them", async () => {
      const { store } = use();
      const reopen = (alert_id: string) =>
        store.execute(TENANT, [
          { kind: "reopen", event_id: `reopen-${alert_id}`, at: T0 + 9_000, by: "anna", alert_id },
        ]);
      await store.execute(TENANT, [
        raise("a"),
        { ...acknowledge("a"), kind: "resolve" },
        raise("b"),
        acknowledge("b"),
      ]);
      await expect(reopen("a")).rejects.toMatchObject({ code: "conflict" });
      await store.execute(TENANT, [
        {
          kind: "clear",
          event_id: "clear-b",
          at: T0 + 8_000,
          by: "rule",
          rule_id: "hot",
          asset_id: "PUMP-001",
          sensor_id: "PUMP-001-TEMP",
          metric_value: 80,
        },
      ]);
      await expect(reopen("b")).rejects.toMatchObject({ code: "conflict" });
      await reopen("a");
      expect(ids(await store.alerts(TENANT, { state: ["open"], limit: 10 }))).toEqual(["a"]);
    });

    it("[R-7.5] are what their last event says", async () => {
      const { store } = use();
      await ten(store);
      await store.execute(TENANT, [
        { ...acknowledge("03"), comment: "on my way" },
        { kind: "shelve", event_id: "s", at: T0 + 6_000, by: "anna", alert_id: "03", until: T0 + 60_000 },
      ]);
      const found = await store.alert(TENANT, "03");
      expect(found!.events.map(({ kind }) => kind)).toEqual(["raised", "acknowledged", "shelved"]);
      expect(found!.events.at(-1)!.alert).toEqual(found!.alert);
      expect(found!.alert).toMatchObject({
        state: "shelved",
        comment: "on my way",
        shelved_until: T0 + 60_000,
      });
    });

    it("[R-7.6] refuse what their state does not allow, and then nothing of the call has happened", async () => {
      const { store } = use();
      await store.execute(TENANT, [raise("a"), { ...acknowledge("a"), kind: "resolve" }]);
      await expect(store.execute(TENANT, [raise("b"), acknowledge("a", "too-late")])).rejects.toMatchObject({
        code: "conflict",
      });
      expect(await store.lastAlertSeq(TENANT)).toBe(2);
      expect(await store.alert(TENANT, "b")).toBeUndefined();
    });

    it("[R-7.6] never hold up the processor: what is not allowed is left out of its commit", async () => {
      const { store } = use();
      const { stored, alert_events } = await commit(store, {
        readings: [reading()],
        commands: [{ tenant_id: TENANT, commands: [acknowledge("nothing"), raise("a")] }],
      });
      expect(stored).toBe(1);
      expect(alert_events.map(({ event_id }) => event_id)).toEqual(["a"]);
    });

    it("[R-7.7] [bad input 30] of another tenant answer as if they were not there", async () => {
      const { store } = use();
      await store.execute(TENANT, [raise("a")]);
      expect(await store.alert(OTHER, "a")).toBeUndefined();
      expect(await store.alerts(OTHER, { limit: 10 })).toEqual([]);
      expect(await store.alertEvents(OTHER, 0, 10)).toEqual([]);
      const foreign = store.execute(OTHER, [acknowledge("a")]);
      const absent = store.execute(OTHER, [acknowledge("none")]);
      const answers = await Promise.allSettled([foreign, absent]);
      for (const answer of answers)
        expect(answer).toMatchObject({ reason: { code: "not_found", message: "There is no such alert." } });
    });

    it("are listed newest first, page by page, none twice and none left out", async () => {
      const { store } = use();
      await ten(store);
      const found: string[] = [];
      for (let after: string | undefined; ; after = found.at(-1)) {
        const page = await store.alerts(TENANT, { limit: 3, after });
        if (page.length === 0) break;
        found.push(...ids(page));
      }
      expect(found).toEqual(["09", "08", "07", "06", "05", "04", "03", "02", "01", "00"]);
      expect(await store.alerts(TENANT, { limit: 3, after: "none" })).toEqual([]);
    });

    it("are filtered by state, severity, asset and time", async () => {
      const { store } = use();
      await ten(store);
      await store.execute(TENANT, [acknowledge("01")]);
      const list = async (query: object) => ids(await store.alerts(TENANT, { limit: 20, ...query }));
      expect(await list({ state: ["acknowledged"] })).toEqual(["01"]);
      expect(await list({ state: ["acknowledged", "open"], severity: ["critical"] })).toHaveLength(5);
      expect(await list({ asset_id: "PUMP-002" })).toHaveLength(5);
      expect(await list({ from: T0 + 1_000, to: T0 + 2_000 })).toEqual(["05", "04", "03", "02"]);
      expect(await list({ state: [] })).toEqual([]);
    });

    it("are counted by severity on their asset until they are resolved", async () => {
      const { store } = use();
      await commit(store, { readings: [reading()] });
      await store.execute(TENANT, [raise("a"), raise("b", { rule_id: "very-hot", severity: "critical" })]);
      const counts = async () => (await store.asset(TENANT, "PUMP-001"))?.open_alerts;
      expect(await counts()).toEqual({ info: 0, warning: 1, critical: 1 });
      await store.execute(TENANT, [{ ...acknowledge("b"), kind: "resolve" }]);
      expect(await counts()).toEqual({ info: 0, warning: 1, critical: 0 });
      expect((await store.stats(TENANT)).open_alerts).toBe(1);
    });

    it("are told to who listens, whichever store has written them, and no more once they stop", async () => {
      const { store, another } = use();
      const beside = await another();
      const heard: [string, number][] = [];
      const stop = store.onAlertEvents((tenant_id, seq) => heard.push([tenant_id, seq]));
      await store.execute(TENANT, [raise("a")]);
      await vi.waitFor(() => expect(heard).toEqual([[TENANT, 1]]));
      await beside.execute(OTHER, [raise("b"), raise("c", { rule_id: "cold" })]);
      await vi.waitFor(() => expect(heard).toContainEqual([OTHER, 2]), { timeout: 3_000 });
      stop();
      const told = heard.length;
      const still = new Promise<void>((resolve) => void beside.onAlertEvents(() => resolve()));
      await store.execute(TENANT, [acknowledge("a")]);
      await still;
      expect(heard).toHaveLength(told);
    });
  });
};
