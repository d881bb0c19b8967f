import { parseCookie } from "cookie";
import { getToken } from "next-auth/jwt";
import { z } from "zod";
import type { Principal } from "../domain/identity.ts";
import { roleSchema, tenantIdSchema } from "../domain/identity-schema.ts";
import type { EpochMs } from "../domain/time.ts";
import type { AuthKeys } from "./keys.ts";

/** How long a sign-in lasts at most, whatever happens meanwhile. */
export const SESSION_TTL_MS = 7 * 24 * 3_600_000;

/** What the session's JWT says beside next-auth's own claims. */
export const sessionClaimsSchema = z.object({
  session_id: z.string().min(1).max(64),
  username: z.string().min(1).max(200),
  tenant_id: tenantIdSchema,
  role: roleSchema,
  /** Epoch milliseconds; next-auth renews its own `exp` at every visit, this one stays. */
  expires_at: z.number(),
});
export type SessionClaims = z.infer<typeof sessionClaimsSchema>;

/** The session's cookie by next-auth's names: over https, and over http. */
const COOKIE_NAMES = ["__Secure-next-auth.session-token", "next-auth.session-token"] as const;
const SILENT = { error: () => {}, warn: () => {}, debug: () => {} };

/** @returns what the `Cookie` header's session says, or `undefined` where it holds none that is valid at `now` */
export async function readSessionCookie(
  header: string,
  keys: AuthKeys,
  now: EpochMs,
): Promise<SessionClaims | undefined> {
  const cookies = parseCookie(header);
  for (const cookieName of COOKIE_NAMES) {
    const payload = await getToken({
      // getToken reads parsed cookies alone; a raw request's header is not parsed by it.
      req: { cookies, headers: {} } as unknown as Parameters<typeof getToken>[0]["req"],
      cookieName,
      secureCookie: cookieName.startsWith("__Secure-"),
      secret: keys.session,
      logger: SILENT,
    });
    const claims = sessionClaimsSchema.safeParse(payload);
    if (claims.success && claims.data.expires_at > now) return claims.data;
  }
  return undefined;
}

export function principalOfSession(claims: SessionClaims): Principal {
  return {
    tenant_id: claims.tenant_id,
    role: claims.role,
    subject: claims.username,
    credential_id: claims.session_id,
    kind: "session",
    expires_at: claims.expires_at,
  };
}
