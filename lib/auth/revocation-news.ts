import type { SharedState } from "../ports/shared-state.ts";
import type { AccountStore } from "../ports/store.ts";

/**
 * The store, with every instance told at once when credentials were revoked through it. Those who do not hear it
 * (commands beside the server, an instance cut off from the others) are found by the look of every second.
 */
export function announcingRevocations<S extends AccountStore>(
  store: S,
  shared: Pick<SharedState, "announceRevocation">,
): S {
  const announcing: Partial<AccountStore> = {
    async revokeSession(session_id, now) {
      await store.revokeSession(session_id, now);
      await shared.announceRevocation();
    },
    async revokeToken(tenant_id, jti, now) {
      const revoked = await store.revokeToken(tenant_id, jti, now);
      if (revoked) await shared.announceRevocation();
      return revoked;
    },
    async updateUser(username, change, now) {
      await store.updateUser(username, change, now);
      await shared.announceRevocation();
    },
  };
  return new Proxy(store, {
    get(target, name) {
      const own = announcing[name as keyof AccountStore];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
