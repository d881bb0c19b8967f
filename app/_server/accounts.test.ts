import { describe, expect, it } from "vitest";
import * as me from "../api/me/route.ts";
import * as tickets from "../api/tickets/route.ts";
import * as token from "../api/tokens/[jti]/route.ts";
import * as tokens from "../api/tokens/route.ts";
import * as user from "../api/users/[username]/route.ts";
import * as users from "../api/users/route.ts";
import { routesUnderTest } from "./testing.ts";

const http = routesUnderTest();
const { ask, given } = http;

describe("accounts", () => {
  it("a token is shown once, works, is listed without itself and ends when revoked", async () => {
    const made = (
      await ask(tokens, "POST", "/api/tokens", { body: { name: "wall", role: "viewer", ttl_s: 60 } })
    ).json<{ token: string; record: { jti: string } }>();
    given.made = made.token;
    const { jti } = made.record;
    const list = await ask(tokens, "GET", "/api/tokens");
    expect(list.text).not.toContain(made.token);
    expect(list.json<{ tokens: object[] }>().tokens).toContainEqual(made.record);
    expect((await ask(token, "DELETE", `/api/tokens/${jti}`, { as: "rival" })).status).toBe(404);
    expect((await ask(me, "GET", "/api/me", { as: "made" })).status).toBe(200);
    expect((await ask(token, "DELETE", `/api/tokens/${jti}`)).status).toBe(204);
    await expect
      .poll(async () => (await ask(me, "GET", "/api/me", { as: "made" })).status, { timeout: 2_000 })
      .toBe(401);
  });

  it("[bad input 5] a ticket is minted for whoever may read, and works once", async () => {
    const { ticket } = (await ask(tickets, "POST", "/api/tickets", { as: "viewer" })).json<{
      ticket: string;
    }>();
    const { authenticator } = http.parts.app;
    expect(await authenticator.authenticate({ ticket })).toMatchObject({ tenant_id: "demo", role: "viewer" });
    await expect(authenticator.authenticate({ ticket })).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("an administrator adds, changes and disables people of the own tenant, and not themselves", async () => {
    const added = await ask(users, "POST", "/api/users", { body: { username: "bo@demo", role: "viewer" } });
    expect(added.status).toBe(201);
    expect(added.json<{ password: string }>().password.length).toBeGreaterThanOrEqual(12);
    expect(added.text).not.toContain("argon2");
    const again = { body: { username: "BO@demo", role: "viewer" } };
    expect((await ask(users, "POST", "/api/users", again)).status).toBe(409);
    for (const body of [
      { username: "x", role: "ingest" },
      { username: "x", role: "viewer", password: "short" },
      { username: "x", role: "viewer", password: "x".repeat(2_000) },
      { username: "", role: "viewer" },
    ])
      expect((await ask(users, "POST", "/api/users", { body })).status).toBe(400);
    const patch = (name: string, body: object) => ask(user, "PATCH", `/api/users/${name}`, { body });
    expect((await patch("bo@demo", { role: "operator", disabled: true })).json()).toMatchObject({
      role: "operator",
      disabled: true,
    });
    expect((await patch("bo@demo", {})).status).toBe(400);
    expect((await patch("nobody@demo", { disabled: true })).status).toBe(404);
    const list = await ask(users, "GET", "/api/users");
    expect(list.text).not.toContain("rival");
    expect(list.text).not.toContain("argon2");
  });
});
