"use client";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { createRealtimeClient } from "./client.ts";
import { clientOptionsOf, type StoreTarget } from "./shared-stores.ts";
import type { ShownUnits } from "./shown-units.ts";
import { createRealtimeStore, type RealtimeStore } from "./store.ts";

export const StoreContext = createContext<RealtimeStore | null>(null);

export interface RealtimeProviderProps extends StoreTarget {
  children: ReactNode;
  /** A store of one's own, connected by its owner. */
  store?: RealtimeStore;
  /** The units that values are shown in. Other ones begin a new store, which connects anew. */
  units?: ShownUnits;
}

/**
 * Holds one connection for all that is inside it: connects when it appears and disconnects when it goes. Another
 * tenant, token or address needs another `key`.
 */
export function RealtimeProvider({ children, store: given, units, ...target }: RealtimeProviderProps) {
  const make = () =>
    createRealtimeStore(createRealtimeClient(clientOptionsOf(target)), units === undefined ? {} : { units });
  const [held, setHeld] = useState(() => ({ units, store: given ?? make() }));
  if (held.units !== units) setHeld({ units, store: given ?? make() });
  const own = held.store;
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
