import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/messages.ts";
import { of, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered, range } from "./gateway-scene.ts";

/** Section 3 of lib/SPEC.md. */
export function describeResume(scene: GatewayScene): void {
  const { open, subscribed } = scene;

  describe("cursors and resume", () => {
    beforeEach(() => scene.begin());
    afterEach(scene.finish);

    it("[R-3.1] a subscription without cursor begins with reset, a snapshot and what follows it", async () => {
      await scene.stage.publish(numbered(0, 10));
      scene.stage.store.processed(4);
      const client = await subscribed();
      await until(() => valuesOf(client).length === 6);
      expect(client.messages.slice(0, 3).map(({ type }) => type)).toEqual([
        "subscribed",
        "reset",
        "snapshot",
      ]);
      expect(of(client, "reset")[0]).toMatchObject({ channel: "sensor_data", reason: "first" });
      expect(of(client, "subscribed")[0]).toMatchObject({
        cursors: of(client, "snapshot")[0]!.cursors,
        recovered: { sensor_data: false },
      });
      expect(valuesOf(client)).toEqual(range(4, 10));
    });

    it("[R-3.2] a client that comes back gets what it missed, once and in order", async () => {
      const client = await subscribed();
      await scene.stage.publish(numbered(0, 10));
      await until(() => valuesOf(client).length === 10);
      const cursor = of(client, "sensor_update").at(-1)!.cursor!;
      client.close();
      await scene.stage.publish(numbered(10, 500));
      const back = await subscribed({ cursors: { sensor_data: cursor } });
      await scene.stage.publish(numbered(510, 10));
      await until(() => valuesOf(back).length >= 510);
      expect(valuesOf(back)).toEqual(range(10, 520));
      expect(of(back, "subscribed")[0]!.recovered).toEqual({ sensor_data: true });
      expect(of(back, "reset")).toEqual([]);
    });

    it("[R-3.3] alerts are resumed by their own cursor", async () => {
      const client = await subscribed({ channels: ["alerts"] });
      scene.stage.store.raise("acme");
      await until(() => of(client, "alert_triggered").length === 1);
      const cursor = of(client, "alert_triggered")[0]!.cursor!;
      client.close();
      for (let i = 0; i < 30; i++) scene.stage.store.raise("acme");
      const back = await subscribed({ channels: ["alerts"], cursors: { alerts: cursor } });
      await until(() => of(back, "alert_triggered").length === 30);
      expect(of(back, "alert_triggered").map(({ data }) => data.seq)).toEqual(range(2, 32));
    });

    it("[R-3.4] a restart in mid-stream loses nothing for who resumes", async () => {
      const client = await subscribed();
      await scene.stage.publish(numbered(0, 10));
      await until(() => valuesOf(client).length === 10);
      const cursor = of(client, "sensor_update").at(-1)!.cursor!;
      await scene.stage.restart();
      expect((await client.closed).code).toBe(CLOSE.SHUTTING_DOWN);
      await scene.stage.publish(numbered(10, 10));
      const back = await subscribed({ cursors: { sensor_data: cursor } });
      await until(() => valuesOf(back).length === 10);
      expect(valuesOf(back)).toEqual(range(10, 20));
    });

    it("[R-3.5] [bad input 18] a cursor that is garbage, negative, foreign, expired or beyond the end gets its reset", async () => {
      await scene.stage.publish(numbered(0, 20));
      const cases: [unknown, string][] = [
        ["garbage", "invalid_cursor"],
        ["memory:0:-1", "invalid_cursor"],
        [17, "invalid_cursor"],
        [{ nested: null }, "invalid_cursor"],
        ["other:0:3", "log_changed"],
        ["memory:0:21", "beyond_end"],
        ["memory:7:1", "beyond_end"],
      ];
      for (const [cursor, reason] of cases) {
        const client = await subscribed({ cursors: { sensor_data: cursor } });
        await until(() => of(client, "snapshot").length > 0);
        expect(of(client, "reset")[0]).toMatchObject({ channel: "sensor_data", reason });
        expect(of(client, "subscribed")[0]!.recovered).toEqual({ sensor_data: false });
        client.close();
      }
    });

    it("[R-3.6] [bad input 18] a cursor that is only ahead of this instance waits for it", async () => {
      const client = await subscribed();
      scene.stage.log.hold(true);
      await scene.stage.publish(numbered(0, 10));
      client.send({ type: "subscribe", channels: ["sensor_data"], cursors: { sensor_data: "memory:0:6" } });
      await until(() => of(client, "subscribed").length === 2);
      expect(of(client, "subscribed")[1]!.recovered).toEqual({ sensor_data: true });
      scene.stage.log.hold(false);
      await until(() => valuesOf(client).length === 4);
      expect(valuesOf(client)).toEqual(range(6, 10));
    });
  });

  describe("cursors and resume, with a short memory", () => {
    beforeEach(() =>
      scene.begin({
        realtime: { head_every_ms: 50, history_ms: 1, history_bytes: 1, snapshot_ms: 1_000, held_alerts: 50 },
      }),
    );
    afterEach(scene.finish);

    it("[R-3.7] the head of a channel is announced, and equals the cursor of who has everything", async () => {
      const client = await subscribed();
      await scene.stage.publish(numbered(0, 5));
      await until(() => valuesOf(client).length === 5);
      const { cursor } = of(client, "sensor_update").at(-1)!;
      await until(() => of(client, "head").some((head) => head.cursor === cursor));
    });

    it("[R-3.8] what is no longer in memory is replayed from the log", async () => {
      for (let i = 0; i < 50; i++) await scene.stage.publish(numbered(i * 300, 300));
      const client = await subscribed({ cursors: { sensor_data: "memory:0:10" } });
      await until(() => valuesOf(client).length === 14_990, "all of the log");
      expect(valuesOf(client)).toEqual(range(10, 15_000));
    });

    it("[R-3.9] what the log no longer keeps is answered by reset, expired and a snapshot", async () => {
      const witness = await subscribed();
      for (let i = 1; i <= 10; i++) {
        await scene.stage.publish(numbered(i * 10, 10));
        await until(() => valuesOf(witness).length === i * 10);
      }
      scene.stage.log.removeBefore(50);
      const client = await subscribed({ cursors: { sensor_data: "memory:0:10" } });
      await until(() => of(client, "snapshot").length === 1);
      expect(of(client, "reset")).toMatchObject([{ channel: "sensor_data", reason: "expired" }]);
    });

    it("[R-3.10] one read of the snapshot serves all who ask at once", async () => {
      await scene.stage.publish(numbered(0, 10));
      const herd = await Promise.all(
        range(0, 30).map((i) =>
          open({ token: scene.stage.authenticator.grant({ tenant_id: "acme", subject: `user-${i}` }) }),
        ),
      );
      for (const client of herd) client.send({ type: "subscribe", channels: ["sensor_data"] });
      for (const client of herd) await until(() => of(client, "snapshot").length === 1);
      expect(scene.stage.store.snapshots_read.get("acme")).toBe(1);
    });
  });
}
