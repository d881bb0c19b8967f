import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeCursor } from "../../protocol/cursor.ts";
import { of, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered, range } from "./gateway-scene.ts";

/** Section 1 of lib/SPEC.md. */
export function describeMessages(scene: GatewayScene): void {
  const { open, subscribed, codes } = scene;

  describe("messages", () => {
    beforeEach(() => scene.begin());
    afterEach(scene.finish);

    it("[R-1.1] the published client works unchanged: subscribe, then one JSON message a reading", async () => {
      const client = await open();
      client.send({ type: "subscribe", channels: ["sensor_data", "alerts", "health_scores"] });
      await until(() => of(client, "snapshot").length > 0);
      await scene.stage.publish(numbered(0, 2));
      await until(() => of(client, "sensor_update").length === 2);
      const [first, last] = of(client, "sensor_update");
      expect(first).toMatchObject({
        type: "sensor_update",
        timestamp: "2024-01-01T00:00:00.000Z",
        data: {
          asset_id: "PUMP-000",
          sensor_id: "PUMP-000-TEMP",
          sensor_type: "temperature",
          value: 0,
          unit: "°C",
          quality: "good",
        },
        tenant_id: "acme",
        channel: "sensor_data",
      });
      expect(Date.parse(first!.received_at)).toBeGreaterThan(Date.UTC(2025, 0, 1));
      expect(first).not.toHaveProperty("cursor");
      expect(last!.cursor).toBe(encodeCursor(await scene.stage.log.head("sensor_readings")));
    });

    it("[R-1.2] alerts and health arrive with the published fields", async () => {
      const client = await open();
      client.send({ type: "subscribe", channels: ["alerts", "health_scores"] });
      await until(() => of(client, "snapshot").length > 0);
      scene.stage.store.raise("acme");
      scene.stage.store.raise("acme", { kind: "acknowledged", id: "alert-1", state: "acknowledged" });
      scene.stage.log.appendHealth("acme", [
        {
          tenant_id: "acme",
          asset_id: "PUMP-000",
          timestamp: Date.UTC(2024, 0, 1),
          received_at: Date.UTC(2024, 0, 2),
          score: 40,
          risk_level: "high",
          evidence: [],
          source_partition: 0,
          source_offset: 1,
        },
      ]);
      await until(() => of(client, "alert_updated").length === 1 && of(client, "health_update").length === 1);
      expect(of(client, "alert_triggered")[0]).toMatchObject({
        channel: "alerts",
        data: {
          id: "alert-1",
          asset_id: "PUMP-000",
          title: "Too hot",
          severity: "warning",
          metric_value: 99,
        },
      });
      expect(of(client, "health_update")[0]).toMatchObject({
        timestamp: "2024-01-01T00:00:00.000Z",
        received_at: "2024-01-02T00:00:00.000Z",
        data: { asset_id: "PUMP-000", score: 40, risk_level: "high" },
      });
    });

    for (const format of ["message", "batch", "binary"] as const)
      it(`[R-1.3] format ${format} brings every reading once and in order`, async () => {
        const client = await subscribed({ format });
        for (let i = 0; i < 20; i++) await scene.stage.publish(numbered(i * 50, 50));
        await until(() => valuesOf(client).length >= 1_000);
        expect(valuesOf(client)).toEqual(range(0, 1_000));
        expect(of(client, "sensor_update").length > 0).toBe(format === "message");
      });

    it("[R-1.4] assets narrow a subscription, its snapshot and its replay", async () => {
      await scene.stage.publish(numbered(0, 3));
      const client = await subscribed({ assets: ["PUMP-001"] });
      await until(() => of(client, "snapshot").length > 0);
      expect(of(client, "snapshot")[0]!.assets.map(({ asset_id }) => asset_id)).toEqual(["PUMP-001"]);
      await scene.stage.publish(numbered(3, 9));
      await until(() => valuesOf(client).length === 3);
      expect(valuesOf(client)).toEqual([4, 7, 10]);
    });

    it("[R-1.5] max_rate lets each sensor's latest through and drops what lies between", async () => {
      const client = await subscribed({ max_rate: 5 });
      for (let i = 0; i < 30; i++) {
        await scene.stage.publish(numbered(i * 3, 3));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await until(() => [87, 88, 89].every((value) => valuesOf(client).includes(value)));
      expect(valuesOf(client).length).toBeLessThan(30);
    });

    it("[R-1.6] unsubscribe ends a channel, and ping is answered with the server's time", async () => {
      const client = await subscribed();
      client.send({ type: "unsubscribe", channels: ["sensor_data"] });
      client.send({ type: "ping", t: 42 });
      await until(() => client.messages.some(({ type }) => type === "unsubscribed"));
      await until(() => of(client, "pong").length === 1);
      await scene.stage.publish(numbered(0, 5));
      client.send({ type: "ping" });
      await until(() => of(client, "pong").length === 2);
      expect(of(client, "pong")[0]!.t).toBe(42);
      expect(valuesOf(client)).toEqual([]);
    });

    it("[R-1.7] the socket of one channel sends it unasked, and no other", async () => {
      const client = await open({ channel: "alerts" });
      await until(() => of(client, "snapshot").length > 0);
      scene.stage.store.raise("acme");
      await until(() => of(client, "alert_triggered").length === 1);
      client.send({ type: "subscribe", channels: ["sensor_data"] });
      await until(() => codes(client).includes("unknown_channel"));
    });
  });
}
