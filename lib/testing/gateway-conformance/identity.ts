import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/messages.ts";
import { of, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered } from "./gateway-scene.ts";

/** Section 5 of lib/SPEC.md. */
export function describeIdentity(scene: GatewayScene): void {
  const { open, subscribed } = scene;

  describe("identity over time", () => {
    beforeEach(() => scene.begin());
    afterEach(scene.finish);

    it("[R-5.1] a revoked credential closes its sockets, and a resume does not bring them back", async () => {
      const token = scene.stage.authenticator.grant({ tenant_id: "acme" });
      const client = await subscribed({}, { token });
      scene.stage.authenticator.revoke(token);
      expect((await client.closed).code).toBe(CLOSE.REVOKED);
      await expect(open({ token })).rejects.toMatchObject({ code: "unauthorized" });
    });

    it("[R-5.2] an expired credential closes its sockets", async () => {
      const token = scene.stage.authenticator.grant({ tenant_id: "acme", expires_at: Date.now() + 400 });
      const client = await subscribed({}, { token });
      const { code, reason } = await client.closed;
      expect([CLOSE.CREDENTIAL_EXPIRED, CLOSE.REVOKED]).toContain(code);
      expect(reason).toContain("expired");
    });

    it("[R-5.3] [bad input 1] no or an unknown token is refused", async () => {
      await expect(open({ token: "" })).rejects.toMatchObject({ code: "unauthorized" });
      await expect(open({ token: "nonsense" })).rejects.toMatchObject({ code: "unauthorized" });
    });

    it("[R-5.4] a role that may not read is refused", async () => {
      const token = scene.stage.authenticator.grant({ tenant_id: "acme", role: "ingest" });
      await expect(open({ token })).rejects.toMatchObject({ code: "forbidden" });
    });

    it("[bad input 5] a ticket works once", async () => {
      // Each client knows only tokens; that a ticket is single-use is the authenticator's, asked by both gateways.
      const ticket = scene.stage.authenticator.grant({ tenant_id: "acme" });
      await expect(scene.stage.authenticator.authenticate({ ticket })).resolves.toBeDefined();
      await expect(scene.stage.authenticator.authenticate({ ticket })).rejects.toMatchObject({
        code: "unauthorized",
      });
    });

    it("[bad input 15] a tenant in the payload is ignored", async () => {
      const client = await subscribed({ tenant_id: "globex", data: { tenant_id: "globex" } });
      expect(of(client, "subscribed")[0]!.tenant_id).toBe("acme");
      await scene.stage.publish(numbered(0, 1), "globex");
      await scene.stage.publish(numbered(5, 1), "acme");
      await until(() => valuesOf(client).length === 1);
      expect(valuesOf(client)).toEqual([5]);
    });
  });
}
