"use client";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { createRealtimeClient } from "./client.ts";
import { clientOptionsOf, type StoreTarget } from "./shared-stores.ts";
import { createRealtimeStore, type RealtimeStore } from "./store.ts";

export const StoreContext = createContext<RealtimeStore | null>(null);

export interface RealtimeProviderProps extends StoreTarget {
  children: ReactNode;
  /** A store of one's own, connected by its owner. */
  store?: RealtimeStore;
}

/**
 * Holds one connection for all that is inside it: connects when it appears and disconnects when it goes. Another
 * tenant, token or address needs another `key`.
 */
export function RealtimeProvider({ children, store: given, ...target }: RealtimeProviderProps) {
  const [own] = useState(() => given ?? createRealtimeStore(createRealtimeClient(clientOptionsOf(target))));
  const store = given ?? own;
  useEffect(() => {
    if (given !== undefined) return;
    own.start();
    own.client.connect();
    return () => {
      own.client.disconnect();
      own.stop();
    };
  }, [given, own]);
  return <StoreContext value={store}>{children}</StoreContext>;
}

/** The store of the provider around. @throws Error where there is none */
export function useRealtimeStore(): RealtimeStore {
  const store = use(StoreContext);
  if (store === null) throw new Error("Put a <RealtimeProvider> around what uses the stream.");
  return store;
}
