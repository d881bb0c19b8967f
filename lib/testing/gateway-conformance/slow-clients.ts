import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { of, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered, range } from "./gateway-scene.ts";

/** Section 4 of lib/SPEC.md, for clients that can stop reading. */
export function describeSlowClients(scene: GatewayScene): void {
  const { subscribed } = scene;

  describe("a client that does not read", () => {
    beforeEach(() =>
      scene.begin({ realtime: { lag_bytes: 128 * 1024, caught_up_bytes: 32 * 1024, lag_ms: 60_000 } }),
    );
    afterEach(scene.finish);

    /** More than the sockets' buffers of a system hold. */
    const flood = async (rounds: number) => {
      for (let i = 0; i < rounds; i++) {
        await scene.stage.publish(numbered(i * 1_000, 1_000));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };

    it("[R-4.1] its readings give way to the latest of each sensor, it is told, and its peers get all", async () => {
      const slow = await subscribed({ channels: ["sensor_data", "alerts"] });
      const peer = await subscribed({ format: "binary" });
      await until(() => of(slow, "snapshot").length > 0);
      slow.pause();
      await flood(80);
      for (let i = 0; i < 20; i++) scene.stage.store.raise("acme");
      await until(() => valuesOf(peer).length === 80_000);
      expect(valuesOf(peer)).toEqual(range(0, 80_000));
      slow.resume();
      await until(() => of(slow, "conflated").length > 0, "conflated");
      await until(() => valuesOf(slow).includes(79_999), "the latest reading");
      await until(() => of(slow, "alert_triggered").length === 20, "all alerts");
      const got = valuesOf(slow);
      expect(got.length).toBeLessThan(80_000);
      expect(got.slice(-3).sort()).toEqual([79_997, 79_998, 79_999]);
      const dropped = of(slow, "conflated").reduce((sum, message) => sum + message.dropped, 0);
      expect(dropped + got.length).toBe(80_000);
    });

    it("[R-4.2] what waits for it is bounded, and past the bound it is closed with a code to come back", async () => {
      const slow = await subscribed({ channels: ["sensor_data", "alerts"] });
      await until(() => of(slow, "snapshot").length > 0);
      slow.pause();
      await flood(60);
      for (let i = 0; i < 1_100; i++) scene.stage.store.raise("acme");
      await until(() => (scene.stage.metrics.counts.get("foresight_slow_clients_closed_total") ?? 0) === 1);
      await until(() => scene.stage.gateway.counts().raw + scene.stage.gateway.counts().socketio === 0);
      slow.resume();
      await slow.closed;
    });
  });
}
