/** The browser side of the stream, for the product's pages and for anyone's own. */
export {
  type ClientEvent,
  type ConnectionInfo,
  createRealtimeClient,
  type Frame,
  type RealtimeClient,
  type RealtimeClientOptions,
  type Subscription,
  TRANSPORTS,
  type TransportKind,
  transportOf,
} from "./client.ts";
export { CONNECTION_STATES, type ConnectionState } from "./connection-machine.ts";
export * from "./hooks.tsx";
export { PausableReader } from "./pausable-reader.ts";
export { RealtimeProvider, type RealtimeProviderProps, useRealtimeStore } from "./provider.tsx";
export { RingBuffer, type RingColumns, type RingPoint } from "./ring-buffer.ts";
export { createShownUnits, type ShownUnit, type ShownUnits, UNITS_AS_THEY_COME } from "./shown-units.ts";
export type { Second } from "./statistics.ts";
export { createRealtimeStore, type RealtimeStore } from "./store.ts";
export {
  type ConnectionView,
  type Counters,
  keys,
  type PublishedMessage,
  type SensorView,
  type StoreKey,
} from "./store-keys.ts";
export type { Credentials, Transport, TransportFactory } from "./transport.ts";
export { connectionName, describeConnection, secondsToRetry } from "./words.ts";
