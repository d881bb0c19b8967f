import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { of, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered, range } from "./gateway-scene.ts";

/** Section 2 of lib/SPEC.md. */
export function describeDelivery(scene: GatewayScene): void {
  const { subscribed } = scene;

  describe("delivery", () => {
    beforeEach(() => scene.begin());
    afterEach(scene.finish);

    it("[R-2.1] the first reading after a quiet time leaves at once", async () => {
      const client = await subscribed();
      await until(() => of(client, "snapshot").length > 0);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const before = performance.now();
      await scene.stage.publish(numbered(0, 1));
      await until(() => valuesOf(client).length === 1);
      expect(performance.now() - before).toBeLessThan(100);
    });

    it("[R-2.2] the tenant of a reading alone decides who gets it", async () => {
      const mine = await subscribed();
      const other = await subscribed({}, { tenant_id: "globex" });
      await scene.stage.publish(numbered(0, 10), "acme");
      await scene.stage.publish(numbered(100, 10), "globex");
      await until(() => valuesOf(mine).length === 10 && valuesOf(other).length === 10);
      expect(valuesOf(mine)).toEqual(range(0, 10));
      expect(valuesOf(other)).toEqual(range(100, 110));
    });
  });
}
