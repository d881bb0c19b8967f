import { describe, expect, it } from "vitest";
import { runningApp } from "../../lib/runtime/handle.ts";
import * as alerts from "../api/alerts/route.ts";
import * as asset from "../api/assets/[asset_id]/route.ts";
import * as assets from "../api/assets/route.ts";
import * as ingest from "../api/ingest/route.ts";
import * as me from "../api/me/route.ts";
import * as snapshot from "../api/snapshot/route.ts";
import * as tickets from "../api/tickets/route.ts";
import * as tokens from "../api/tokens/route.ts";
import * as users from "../api/users/route.ts";
import * as healthz from "../healthz/route.ts";
import * as metrics from "../metrics/route.ts";
import * as readyz from "../readyz/route.ts";
import { routesUnderTest, sample } from "./testing.ts";

const http = routesUnderTest();
const { ask, given } = http;

describe("who may do what", () => {
  it("[bad input 1] nobody is let in without a credential", async () => {
    for (const [module, method, path] of [
      [assets, "GET", "/api/assets"],
      [ingest, "POST", "/api/ingest"],
      [alerts, "POST", "/api/alerts"],
      [tokens, "GET", "/api/tokens"],
      [snapshot, "GET", "/api/snapshot"],
      [me, "GET", "/api/me"],
      [metrics, "GET", "/metrics"],
    ] as const) {
      const { status, headers } = await ask(module, method, path, { as: undefined });
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  it("[bad input 39] headers that once went around a proxy change nothing", async () => {
    const headers = { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy", rsc: "1", "x-nonce": "x" };
    expect((await ask(assets, "GET", "/api/assets", { as: undefined, headers })).status).toBe(401);
  });

  it("[bad input 40] a bearer that is no token is 401", async () => {
    const headers = { authorization: "Bearer %" };
    expect((await ask(assets, "GET", "/api/assets", { as: undefined, headers })).status).toBe(401);
  });

  it("each role may what the table of roles says, and no more", async () => {
    const raise = { asset_id: "PUMP-001", title: "Oil on the floor", severity: "warning" };
    const cases = [
      ["viewer", assets, "GET", "/api/assets", undefined, 200],
      ["viewer", alerts, "POST", "/api/alerts", raise, 403],
      ["viewer", users, "GET", "/api/users", undefined, 403],
      ["viewer", ingest, "POST", "/api/ingest", [sample], 403],
      ["operator", alerts, "POST", "/api/alerts", raise, 201],
      ["operator", tokens, "GET", "/api/tokens", undefined, 403],
      ["operator", asset, "PATCH", "/api/assets/PUMP-001", { asset_type: "pump" }, 403],
      ["ingest", ingest, "POST", "/api/ingest", [sample], 202],
      ["ingest", assets, "GET", "/api/assets", undefined, 403],
      ["ingest", tickets, "POST", "/api/tickets", undefined, 403],
      ["admin", tokens, "GET", "/api/tokens", undefined, 200],
      ["admin", users, "GET", "/api/users", undefined, 200],
    ] as const;
    for (const [as, module, method, path, body, expected] of cases)
      expect([as, method, path, (await ask(module, method, path, { as, body })).status]).toEqual([
        as,
        method,
        path,
        expected,
      ]);
  });

  it("the tenant comes from the credential, whatever a body says", async () => {
    const body = [{ ...sample, tenant_id: "rival" }];
    expect((await ask(ingest, "POST", "/api/ingest", { as: "ingest", body })).status).toBe(202);
    expect((await ask(me, "GET", "/api/me", { as: "operator" })).json()).toMatchObject({
      tenant_id: "demo",
      role: "operator",
      subject: "token:operator",
      kind: "token",
    });
  });

  it("too many requests of one credential are 429 with Retry-After", async () => {
    given.busy = await http.parts.tokenOf("viewer");
    const { credential_id } = await http.parts.app.authenticator.authenticate({ token: given.busy });
    await http.parts.app.shared.consume("api", credential_id, { points: 3_000, per_s: 10 }, 3_000);
    const { status, headers } = await ask(me, "GET", "/api/me", { as: "busy" });
    expect(status).toBe(429);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("operation", () => {
  const local = { "x-foresight-local": "1" };
  it("liveness is for anybody, the parts and metrics for this machine and administrators", async () => {
    expect((await ask(healthz, "GET", "/healthz", { as: undefined })).json()).toEqual({ status: "ok" });
    expect((await ask(readyz, "GET", "/readyz", { as: undefined })).json()).toEqual({ ready: true });
    expect((await ask(readyz, "GET", "/readyz", { as: "viewer" })).json()).toEqual({ ready: true });
    expect((await ask(readyz, "GET", "/readyz", { as: undefined, headers: local })).json()).toMatchObject({
      parts: { store: { ok: true } },
    });
    expect((await ask(metrics, "GET", "/metrics", { as: "viewer" })).status).toBe(401);
    for (const options of [{ as: undefined, headers: local }, { as: "admin" }])
      expect((await ask(metrics, "GET", "/metrics", options)).text).toContain("foresight_up");
  });

  it("[R-2.2] [bad input 30] metrics tell an administrator nothing that is labelled with another tenant", async () => {
    const { exposition } = runningApp();
    const series = ["up 1", 'n{tenant_id="demo"} 1', 'n{tenant_id="rival"} 2', 'n{tenant_id="demo2"} 3'];
    runningApp().exposition = async () => ["# TYPE n counter", ...series].join("\n");
    const lines = async (options: object) =>
      (await ask(metrics, "GET", "/metrics", options)).text.split("\n").slice(1);
    expect(await lines({ as: undefined, headers: local })).toEqual(series);
    expect(await lines({ as: "admin" })).toEqual(series.slice(0, 2));
    expect(await lines({ as: "rival" })).toEqual([series[0], series[2]]);
    runningApp().exposition = exposition;
  });

  it("nothing that was logged holds a token", () => {
    const text = JSON.stringify(http.parts.logger.lines);
    for (const secret of Object.values(given)) expect(text).not.toContain(secret);
  });
});
