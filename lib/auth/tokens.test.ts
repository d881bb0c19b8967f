import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { TokenRecord } from "../domain/account.ts";
import { deriveKeys } from "./keys.ts";
import { issueToken, mintToken, verifyToken } from "./tokens.ts";

const NOW = Date.UTC(2026, 0, 1);
const keys = deriveKeys("a secret of an installation, long enough");
let now = NOW;
const clock = { now: () => now };
beforeEach(() => {
  now = NOW;
});

const claims = {
  tenant_id: "demo",
  role: "viewer",
  name: "screen",
  jti: "one",
  issued_at: NOW,
  expires_at: NOW + 60_000,
} as const;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const payload = {
  tenant_id: "demo",
  role: "admin",
  sub: "x",
  jti: "x",
  iss: "foresight",
  aud: "foresight:api",
  iat: NOW / 1_000,
  exp: NOW / 1_000 + 60,
};
/** A token as an attacker who knows `key` writes it. */
function forge(header: object, body: object, key: Uint8Array = keys.token): string {
  const signed = `${encode(header)}.${encode(body)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
const typ = "foresight-token+jwt";
const refused = expect.objectContaining({ code: "unauthorized" });

describe("tokens of programs", () => {
  it("a token tells tenant, role and who, and nothing that was not signed", async () => {
    expect(await verifyToken(keys, clock, await mintToken(keys, claims))).toEqual({
      tenant_id: "demo",
      role: "viewer",
      subject: "token:screen",
      credential_id: "one",
      kind: "token",
      expires_at: NOW + 60_000,
    });
    expect(await verifyToken(keys, clock, forge({ alg: "HS256", typ }, payload))).toMatchObject({
      role: "admin",
    });
  });

  it("[R-5.8] [bad input 1] an expired token, one of another installation and none at all are refused alike", async () => {
    const token = await mintToken(keys, claims);
    const foreign = await mintToken(deriveKeys("the secret of somebody else, long enough"), claims);
    now = NOW + 60_001;
    const errors = await Promise.all(
      [token, foreign, "", "a.b.c"].map((text) =>
        verifyToken(keys, clock, text).catch((error: Error) => error),
      ),
    );
    for (const error of errors) expect(error).toEqual(refused);
    expect(new Set(errors.map((error) => (error as Error).message)).size).toBe(1);
  });

  it("[bad input 2] alg none is refused", async () => {
    for (const alg of ["none", "None", "NONE"])
      for (const end of ["", "AAAA"])
        await expect(
          verifyToken(keys, clock, `${encode({ alg, typ })}.${encode(payload)}.${end}`),
        ).rejects.toEqual(refused);
  });

  it("[bad input 3] another algorithm, and a key that the token brings along, are refused", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const jwk = publicKey.export({ format: "jwk" });
    const signed = `${encode({ alg: "RS256", typ, jwk })}.${encode(payload)}`;
    const rs256 = `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    const pem = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
    const mine = Buffer.from("a key of the attacker's own choice");
    for (const token of [
      rs256,
      forge({ alg: "HS256", typ }, payload, pem),
      forge({ alg: "HS512", typ }, payload),
      forge({ alg: "HS256", typ, jwk: { kty: "oct", k: mine.toString("base64url") } }, payload, mine),
      forge({ alg: "HS256", typ, jku: "https://evil.example/keys" }, payload),
      forge({ alg: "HS256", typ, jwk: { kty: "oct" } }, payload),
    ])
      await expect(verifyToken(keys, clock, token)).rejects.toEqual(refused);
  });

  it("[R-5.8] [bad input 4] another audience, issuer or type, and missing or odd claims, are refused", async () => {
    const header = { alg: "HS256", typ };
    for (const token of [
      forge(header, { ...payload, aud: "another" }),
      forge(header, { ...payload, iss: "another" }),
      forge({ alg: "HS256", typ: "JWT" }, payload),
      forge({ alg: "HS256" }, payload),
      forge(header, { ...payload, role: "king" }),
      forge(header, { ...payload, tenant_id: "../demo" }),
      forge(header, { ...payload, exp: undefined }),
      forge(header, { ...payload, jti: undefined }),
      forge(header, { ...payload, nbf: NOW / 1_000 + 3_600 }),
    ])
      await expect(verifyToken(keys, clock, token)).rejects.toEqual(refused);
  });

  it("an issued token is recorded without the token itself, and both expire together", async () => {
    const records: TokenRecord[] = [];
    const store = { addToken: async (record: TokenRecord) => void records.push(record) };
    now = NOW + 123;
    const { token, record } = await issueToken(
      { store, keys, clock },
      { tenant_id: "demo", role: "ingest", name: "line 4", ttl_ms: 60_000, by: "admin@demo" },
    );
    expect(records).toEqual([record]);
    expect(JSON.stringify(record)).not.toContain(token);
    expect(await verifyToken(keys, clock, token)).toMatchObject({
      credential_id: record.jti,
      expires_at: record.expires_at,
    });
    for (const ttl_ms of [0, -1, Number.NaN, 400 * 24 * 3_600_000])
      await expect(
        issueToken({ store, keys, clock }, { tenant_id: "demo", role: "ingest", name: "x", ttl_ms, by: "x" }),
      ).rejects.toMatchObject({ code: "invalid_request" });
  });
});
