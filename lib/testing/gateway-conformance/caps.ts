import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/messages.ts";
import { of, until } from "../test-clients.ts";
import { type GatewayScene, range } from "./gateway-scene.ts";

/** Sections 9 and 10 of lib/SPEC.md. */
export function describeCaps(scene: GatewayScene): void {
  const { open, codes } = scene;

  describe("caps and codes", () => {
    beforeEach(() => scene.begin());
    afterEach(scene.finish);

    it("[bad input 14] channels that are none get an error, and the socket lives", async () => {
      const client = await open();
      for (const channel of ["t1:*", "../t2", "sensor_data\0", "__proto__", "tenant:globex"])
        client.send({ type: "subscribe", channels: [channel] });
      await until(() => codes(client).length === 5);
      expect(new Set(codes(client))).toEqual(new Set(["unknown_channel"]));
      client.send({ type: "subscribe", channels: ["sensor_data"] });
      await until(() => of(client, "subscribed").length === 1);
    });

    it("[R-9.2] [bad input 16] a thousand channels get the limit error", async () => {
      const client = await open();
      client.send({ type: "subscribe", channels: Array.from({ length: 1_000 }, (_, i) => `c${i}`) });
      await until(() => codes(client).length === 1);
      expect(codes(client)).toEqual(["too_many"]);
    });

    it("[R-10.3] [bad input 17] null and nested in place of values get invalid_message, and the socket lives", async () => {
      const client = await open();
      const bad: object[] = [
        { type: "subscribe" },
        { type: "subscribe", channels: null },
        { type: "subscribe", channels: [["sensor_data"]] },
        { type: "subscribe", channels: { $gt: "" } },
        { type: "subscribe", channels: ["sensor_data"], max_rate: {} },
        { type: "subscribe", channels: ["sensor_data"], format: "xml" },
        { type: "launch" },
      ];
      for (const message of bad) client.send(message);
      await until(() => codes(client).length === bad.length);
      expect(new Set(codes(client))).toEqual(new Set(["invalid_message"]));
      client.send({ type: "ping", t: 1 });
      await until(() => of(client, "pong").length === 1);
    });

    it("[R-9.4] [bad input 19] two hundred messages at once get rate_limited", async () => {
      const client = await open();
      for (let i = 0; i < 200; i++) client.send({ type: "subscribe", channels: ["sensor_data"] });
      await until(() => codes(client).includes("rate_limited"));
      expect(of(client, "subscribed").length).toBeLessThanOrEqual(100);
    });

    it("[R-9.3] [bad input 12] one socket too many of a token is refused, and another's of the same name is not", async () => {
      const grant = () =>
        scene.stage.authenticator.grant({ tenant_id: "acme", subject: "token:command line" });
      const token = grant();
      for (let i = 0; i < 20; i++) await open({ token });
      await expect(open({ token })).rejects.toMatchObject({ code: "too_many" });
      await expect(open({ token: grant() })).resolves.toBeDefined();
      scene.clients[0]!.close();
      await until(() => scene.stage.gateway.counts().raw + scene.stage.gateway.counts().socketio === 20);
      await expect(open({ token })).resolves.toBeDefined();
    });

    it("[R-10.2] a server that goes says so to every socket within its time", async () => {
      const opened = await Promise.all(range(0, 10).map(() => open()));
      const before = performance.now();
      await scene.stage.gateway.drain();
      expect(performance.now() - before).toBeLessThan(3_000);
      for (const client of opened) expect((await client.closed).code).toBe(CLOSE.SHUTTING_DOWN);
      expect(scene.stage.gateway.counts()).toEqual({ raw: 0, socketio: 0 });
    });
  });
}
