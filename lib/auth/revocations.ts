import type { EpochMs } from "../domain/time.ts";
import type { AccountStore } from "../ports/store.ts";
import type { Clock } from "../ports/system.ts";

/** How long a token that was found good is believed without asking again. */
const BELIEVED_MS = 1_000;
const MOST_KEPT = 10_000;

/**
 * Asks the store whether a credential still counts. Programs send many requests a second with one token, so its
 * good standing is remembered for a second; sessions are asked about each time: a sign-out counts at once.
 */
export function createRevocationCheck(store: Pick<AccountStore, "revokedCredentials">, clock: Clock) {
  const goodUntil = new Map<string, EpochMs>();

  return async function counts(credential_id: string, kind: "session" | "token"): Promise<boolean> {
    const now = clock.now();
    if (kind === "token" && (goodUntil.get(credential_id) ?? 0) > now) return true;
    const revoked = await store.revokedCredentials([credential_id], now);
    if (revoked.has(credential_id)) {
      goodUntil.delete(credential_id);
      return false;
    }
    if (kind === "token") {
      if (goodUntil.size >= MOST_KEPT) goodUntil.clear();
      goodUntil.set(credential_id, now + BELIEVED_MS);
    }
    return true;
  };
}
