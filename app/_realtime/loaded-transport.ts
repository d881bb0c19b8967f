import type { Transport, TransportFactory } from "./transport.ts";

const LOST = 1006;

/** A transport whose program is loaded with its first connection, so that pages are there before it. */
export function loadedTransport(name: string, load: () => Promise<TransportFactory>): TransportFactory {
  let loaded: TransportFactory | undefined;
  return (target, handlers) => {
    if (loaded !== undefined) return loaded(target, handlers);
    let transport: Transport | undefined;
    let over = false;
    load().then(
      (factory) => {
        loaded = factory;
        if (!over) transport = factory(target, handlers);
      },
      () => {
        if (!over) handlers.closed(LOST, "Its program could not be loaded");
      },
    );
    return {
      get name() {
        return transport?.name ?? name;
      },
      send: (message) => transport?.send(message),
      close() {
        over = true;
        transport?.close();
      },
    };
  };
}
