import { encode } from "next-auth/jwt";
import { beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../domain/identity.ts";
import { createAuthenticator } from "./authenticator.ts";
import { deriveKeys } from "./keys.ts";
import type { SessionClaims } from "./session-cookie.ts";
import { mintTicket } from "./tickets.ts";
import { mintToken } from "./tokens.ts";

const keys = deriveKeys("a secret of an installation, long enough");
const START = Date.now();
let now = START;
const clock = { now: () => now };
const revoked = new Set<string>();
let asked = 0;
const store = {
  async revokedCredentials(ids: string[]) {
    asked++;
    return new Set(ids.filter((id) => revoked.has(id)));
  },
};
const tickets = new Map<string, { principal: Principal; expires_at: number }>();
const shared = {
  async putTicket(hash: string, principal: Principal, expires_at: number) {
    tickets.set(hash, { principal, expires_at });
  },
  async takeTicket(hash: string, at: number) {
    const ticket = tickets.get(hash);
    tickets.delete(hash);
    return ticket !== undefined && ticket.expires_at > at ? ticket.principal : undefined;
  },
};
let authenticator: ReturnType<typeof createAuthenticator>;
beforeEach(() => {
  now = START;
  asked = 0;
  revoked.clear();
  tickets.clear();
  authenticator = createAuthenticator({ store, shared, keys, clock });
});

const session: SessionClaims = {
  session_id: "session-1",
  username: "anna@demo",
  tenant_id: "demo",
  role: "operator",
  expires_at: START + 3_600_000,
};
const cookieOf = (claims: object, secret = keys.session) => encode({ token: { ...claims }, secret });
const tokenOf = (jti = "token-1") =>
  mintToken(keys, {
    tenant_id: "demo",
    role: "viewer",
    name: "screen",
    jti,
    issued_at: START,
    expires_at: START + 60_000,
  });
const refused = { code: "unauthorized" };

describe("who asks", () => {
  it("a bearer token counts, in any case of the scheme's name", async () => {
    const token = await tokenOf();
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`])
      expect(await authenticator.authenticate({ authorization })).toMatchObject({ subject: "token:screen" });
    expect(await authenticator.authenticate({ token })).toMatchObject({ tenant_id: "demo", kind: "token" });
  });

  it("[bad input 1] nothing at all is refused", async () => {
    await expect(authenticator.authenticate({})).rejects.toMatchObject(refused);
    await expect(authenticator.authenticate({ cookie: "a=b" })).rejects.toMatchObject(refused);
  });

  it("[bad input 40] an Authorization header that is no bearer token is refused, whatever else comes with it", async () => {
    const token = await tokenOf();
    for (const authorization of [
      "Bearer %",
      "Bearer",
      "",
      "Basic YTpi",
      `Bearer ${token} x`,
      "Bearer %E0%A4%A",
    ])
      await expect(authenticator.authenticate({ authorization, token })).rejects.toMatchObject(refused);
  });

  it("a session's cookie counts under the names of http and https, and in chunks", async () => {
    const cookie = await cookieOf(session);
    const half = Math.ceil(cookie.length / 2);
    for (const header of [
      `next-auth.session-token=${cookie}`,
      `theme=dark; __Secure-next-auth.session-token=${cookie}`,
      `next-auth.session-token.0=${cookie.slice(0, half)}; next-auth.session-token.1=${cookie.slice(half)}`,
    ])
      expect(await authenticator.authenticate({ cookie: header })).toEqual({
        tenant_id: "demo",
        role: "operator",
        subject: "anna@demo",
        credential_id: "session-1",
        kind: "session",
        expires_at: session.expires_at,
      });
  });

  it("a cookie of another installation, a forged one, one without a session id and an expired one are refused", async () => {
    const { session_id: _, ...idless } = session;
    for (const cookie of [
      await cookieOf(session, "another secret"),
      await tokenOf(),
      await cookieOf(idless),
      await cookieOf({ ...session, expires_at: START - 1 }),
      "x".repeat(5_000),
    ])
      await expect(
        authenticator.authenticate({ cookie: `next-auth.session-token=${cookie}` }),
      ).rejects.toMatchObject(refused);
  });

  it("[bad input 5] a ticket opens once, within 30 s, and only its hash is kept", async () => {
    const principal = await authenticator.authenticate({ token: await tokenOf() });
    const { ticket, expires_at } = await mintTicket({ shared, clock }, principal);
    expect(expires_at).toBe(START + 30_000);
    expect([...tickets.keys()]).not.toContain(ticket);
    expect(await authenticator.authenticate({ ticket })).toEqual(principal);
    await expect(authenticator.authenticate({ ticket })).rejects.toMatchObject(refused);

    const late = await mintTicket({ shared, clock }, principal);
    now += 30_001;
    await expect(authenticator.authenticate({ ticket: late.ticket })).rejects.toMatchObject(refused);
  });

  it("[R-5.9] a ticket is worth nothing once the credential behind it is revoked", async () => {
    const cookie = `next-auth.session-token=${await cookieOf(session)}`;
    const { ticket } = await mintTicket({ shared, clock }, await authenticator.authenticate({ cookie }));
    revoked.add("session-1");
    await expect(authenticator.authenticate({ ticket })).rejects.toMatchObject(refused);
  });

  it("[R-5.9] a sign-out counts at once, a revoked token within a second", async () => {
    const cookie = `next-auth.session-token=${await cookieOf(session)}`;
    const token = await tokenOf();
    await authenticator.authenticate({ cookie });
    await authenticator.authenticate({ token });
    revoked.add("session-1").add("token-1");
    await expect(authenticator.authenticate({ cookie })).rejects.toMatchObject(refused);
    now += 1_000;
    await expect(authenticator.authenticate({ token })).rejects.toMatchObject(refused);
  });

  it("many requests with one token ask the store once a second", async () => {
    const token = await tokenOf();
    for (let i = 0; i < 50; i++) await authenticator.authenticate({ token });
    expect(asked).toBe(1);
  });
});
