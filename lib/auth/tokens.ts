import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { TokenRecord } from "../domain/account.ts";
import { ForesightError } from "../domain/errors.ts";
import type { Principal, Role } from "../domain/identity.ts";
import { roleSchema, tenantIdSchema } from "../domain/identity-schema.ts";
import type { EpochMs } from "../domain/time.ts";
import type { AccountStore } from "../ports/store.ts";
import type { Clock } from "../ports/system.ts";
import type { AuthKeys } from "./keys.ts";

const ALGORITHM = "HS256";
const ISSUER = "foresight";
const AUDIENCE = "foresight:api";
const TYPE = "foresight-token+jwt";
/** Headers by which a token could try to choose its own key. */
const KEY_HEADERS = ["jwk", "jku", "x5u", "x5c", "crit"] as const;

export const TOKEN_TTL_LIMITS_MS = { least: 1_000, most: 366 * 24 * 3_600_000 } as const;

const claimsSchema = z.object({
  tenant_id: tenantIdSchema,
  role: roleSchema,
  sub: z.string().min(1).max(200),
  jti: z.string().min(1).max(64),
  exp: z.number(),
});

export interface TokenClaims {
  tenant_id: string;
  role: Role;
  name: string;
  jti: string;
  issued_at: EpochMs;
  expires_at: EpochMs;
}

/** @returns a JWT of this installation, signed with HS256 */
export function mintToken(keys: AuthKeys, claims: TokenClaims): Promise<string> {
  return new SignJWT({ tenant_id: claims.tenant_id, role: claims.role })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.name)
    .setJti(claims.jti)
    .setIssuedAt(Math.floor(claims.issued_at / 1_000))
    .setExpirationTime(Math.floor(claims.expires_at / 1_000))
    .sign(keys.token);
}

/**
 * Checks signature, algorithm, type, issuer, audience and expiry; whether it was revoked is the store's to say.
 * @throws ForesightError `unauthorized`, the same for every reason
 */
export async function verifyToken(keys: AuthKeys, clock: Clock, token: string): Promise<Principal> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys.token, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      currentDate: new Date(clock.now()),
    });
    if (KEY_HEADERS.some((name) => name in protectedHeader)) throw new Error("chooses its own key");
    const { tenant_id, role, sub, jti, exp } = claimsSchema.parse(payload);
    return {
      tenant_id,
      role,
      subject: `token:${sub}`,
      credential_id: jti,
      kind: "token",
      expires_at: exp * 1_000,
    };
  } catch (cause) {
    throw unauthorized(cause);
  }
}

/** One answer for whatever is wrong with a credential, so that nobody learns which part was right. */
export function unauthorized(cause?: unknown): ForesightError {
  return new ForesightError(
    "unauthorized",
    "Sign in, or send a valid token as `Authorization: Bearer <token>`.",
    { cause },
  );
}

/**
 * Mints a token and records it, so that it is listed and can be revoked. Shared by the API and the command line.
 * @throws ForesightError `invalid_request` where `ttl_ms` is out of bounds
 */
export async function issueToken(
  { store, keys, clock }: { store: Pick<AccountStore, "addToken">; keys: AuthKeys; clock: Clock },
  request: { tenant_id: string; role: Role; name: string; ttl_ms: number; by: string },
): Promise<{ token: string; record: TokenRecord }> {
  const { least, most } = TOKEN_TTL_LIMITS_MS;
  if (!(request.ttl_ms >= least && request.ttl_ms <= most))
    throw new ForesightError("invalid_request", "A token is valid for 1 second to 366 days.");
  const now = clock.now();
  // Whole seconds, as the JWT says them, so that token and record expire together.
  const expires_at = Math.floor((now + request.ttl_ms) / 1_000) * 1_000;
  const record: TokenRecord = {
    jti: randomUUID(),
    tenant_id: request.tenant_id,
    name: request.name,
    role: request.role,
    created_by: request.by,
    created_at: now,
    expires_at,
    revoked: false,
  };
  const token = await mintToken(keys, { ...record, issued_at: now });
  await store.addToken(record);
  return { token, record };
}
