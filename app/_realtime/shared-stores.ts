import { createRealtimeClient, type RealtimeClientOptions } from "./client.ts";
import { createRealtimeStore, type RealtimeStore } from "./store.ts";

/** Where and as whom the stream is read. */
export interface StoreTarget {
  tenant_id?: string | undefined;
  /** A token of `foresight token`; the session's cookie where absent. */
  token?: string | undefined;
  /** Origin of the server; the page's own where absent. */
  url?: string | undefined;
}

export function clientOptionsOf({ tenant_id, token, url }: StoreTarget): RealtimeClientOptions {
  return {
    ...(tenant_id !== undefined && { tenant_id }),
    ...(url !== undefined && { url }),
    credentials: token === undefined ? { cookie: true } : { token },
  };
}

const keyOf = ({ tenant_id, token, url }: StoreTarget) => JSON.stringify([tenant_id, token, url]);

/** Components that ask for the same target share one connection, since a person may only have a few. */
export class SharedStores {
  private readonly stores = new Map<string, RealtimeStore>();
  private readonly users = new Map<RealtimeStore, number>();

  constructor(private readonly make: (target: StoreTarget) => RealtimeStore) {}

  /** The store of a target; it is not connected before someone keeps it. */
  of(target: StoreTarget): RealtimeStore {
    const key = keyOf(target);
    const store = this.stores.get(key) ?? this.make(target);
    this.stores.set(key, store);
    return store;
  }

  /**
   * Connects the store while at least one keeps it. Returns how to let go; the last one to do so disconnects it. A
   * store that was let go can be kept again, as React does with effects when it checks them.
   */
  keep(target: StoreTarget, store: RealtimeStore): () => void {
    const key = keyOf(target);
    const before = this.users.get(store) ?? 0;
    this.users.set(store, before + 1);
    if (before === 0) {
      if (!this.stores.has(key)) this.stores.set(key, store);
      store.start();
      store.client.connect();
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = this.users.get(store)! - 1;
      if (left > 0) {
        this.users.set(store, left);
        return;
      }
      this.users.delete(store);
      store.client.disconnect();
      store.stop();
      if (this.stores.get(key) === store) this.stores.delete(key);
    };
  }
}

export function makeStore(target: StoreTarget): RealtimeStore {
  return createRealtimeStore(createRealtimeClient(clientOptionsOf(target)));
}

/** Those of this page. While a server renders nothing is shared, since what it renders is for many. */
const page = typeof window === "undefined" ? undefined : new SharedStores(makeStore);

export function sharedStore(target: StoreTarget): RealtimeStore {
  return page?.of(target) ?? makeStore(target);
}

export function keepConnected(target: StoreTarget, store: RealtimeStore): () => void {
  return page?.keep(target, store) ?? (() => {});
}
