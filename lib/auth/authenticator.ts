import type { Principal } from "../domain/identity.ts";
import type { Authenticator, Credentials } from "../ports/authenticator.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { AccountStore } from "../ports/store.ts";
import type { Clock } from "../ports/system.ts";
import type { AuthKeys } from "./keys.ts";
import { createRevocationCheck } from "./revocations.ts";
import { principalOfSession, readSessionCookie } from "./session-cookie.ts";
import { hashTicket } from "./tickets.ts";
import { unauthorized, verifyToken } from "./tokens.ts";

/** RFC 6750 section 2.1, `b68token`; the longest header that Node passes on is 16 KiB. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

export interface AuthenticatorDependencies {
  store: Pick<AccountStore, "revokedCredentials">;
  shared: Pick<SharedState, "takeTicket">;
  keys: AuthKeys;
  clock: Clock;
}

/** Verifies tokens, tickets and session cookies, and that each still counts, for HTTP and sockets alike. */
export function createAuthenticator({
  store,
  shared,
  keys,
  clock,
}: AuthenticatorDependencies): Authenticator {
  const counts = createRevocationCheck(store, clock);

  async function identify(credentials: Credentials): Promise<Principal> {
    const { authorization, token, ticket, cookie } = credentials;
    if (authorization !== undefined) {
      const bearer = BEARER.exec(authorization)?.[1];
      if (bearer === undefined) throw unauthorized();
      return verifyToken(keys, clock, bearer);
    }
    if (token !== undefined) return verifyToken(keys, clock, token);
    if (ticket !== undefined) {
      const principal = await shared.takeTicket(hashTicket(ticket), clock.now());
      if (principal === undefined) throw unauthorized();
      return principal;
    }
    const claims = cookie === undefined ? undefined : await readSessionCookie(cookie, keys, clock.now());
    if (claims === undefined) throw unauthorized();
    return principalOfSession(claims);
  }

  return {
    async authenticate(credentials) {
      const principal = await identify(credentials);
      if (principal.expires_at <= clock.now()) throw unauthorized();
      // A ticket is as good as the credential that it was minted with.
      if (!(await counts(principal.credential_id, principal.kind))) throw unauthorized();
      return principal;
    },
    revoked(credential_ids) {
      return store.revokedCredentials(credential_ids, clock.now());
    },
  };
}
