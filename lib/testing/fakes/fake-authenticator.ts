import { ForesightError } from "../../domain/errors.ts";
import type { Principal, Role } from "../../domain/identity.ts";
import type { Authenticator } from "../../ports/authenticator.ts";
import type { SharedState } from "../../ports/shared-state.ts";

/** Knows credentials by heart. Any of them works as a token, a ticket (once), a Bearer header or a cookie. */
export interface FakeAuthenticator extends Authenticator {
  /** @returns the credential */
  grant(who: { tenant_id: string; subject?: string; role?: Role; expires_at?: number }): string;
  revoke(credential: string): void;
}

export function createFakeAuthenticator(): FakeAuthenticator {
  const principals = new Map<string, Principal>();
  const revoked = new Set<string>();
  const tickets_used = new Set<string>();
  return {
    grant({ tenant_id, subject = "ada", role = "viewer", expires_at = Number.MAX_SAFE_INTEGER }) {
      const credential = `credential-${principals.size}`;
      principals.set(credential, {
        tenant_id,
        subject,
        role,
        credential_id: credential,
        kind: "token",
        expires_at,
      });
      return credential;
    },
    revoke: (credential) => void revoked.add(credential),
    async authenticate({ authorization, token, ticket, cookie }) {
      const given =
        authorization?.replace("Bearer ", "") ?? token ?? ticket ?? cookie?.replace("session=", "");
      const principal = principals.get(given ?? "");
      if (principal === undefined || revoked.has(given!) || (ticket === given && tickets_used.has(given!)))
        throw new ForesightError("unauthorized", "The credentials are not accepted.");
      if (ticket === given) tickets_used.add(given!);
      return principal;
    },
    revoked: async (credential_ids) => new Set(credential_ids.filter((id) => revoked.has(id))),
  };
}

/** Counts without ever forgetting, but for places that are given back. */
export function createFakeShared(): Pick<
  SharedState,
  "consume" | "takePlace" | "leavePlace" | "announceRevocation" | "onRevocation"
> {
  const counts = new Map<string, number>();
  const places = new Map<string, number>();
  const listeners = new Set<() => void>();
  return {
    async consume(bucket, key, { points, per_s }, by = 1) {
      const count = (counts.get(`${bucket} ${key}`) ?? 0) + by;
      counts.set(`${bucket} ${key}`, count);
      return { allowed: count <= points, retry_after_s: count <= points ? 0 : per_s };
    },
    async takePlace(user, most) {
      const taken = places.get(user) ?? 0;
      if (taken < most) places.set(user, taken + 1);
      return taken < most;
    },
    async leavePlace(user) {
      places.set(user, (places.get(user) ?? 1) - 1);
    },
    async announceRevocation() {
      for (const listener of listeners) listener();
    },
    onRevocation(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
