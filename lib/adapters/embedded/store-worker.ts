/** Entry of the store's thread: serves the main thread, which never waits for a disk. */
import { parentPort, workerData } from "node:worker_threads";
import type { StoreMethods } from "../../ports/store-methods.ts";
import { openStore } from "./store.ts";
import { expose } from "./worker-rpc.ts";

export interface StoreWorkerData {
  data_dir: string;
}

/** A tenant has alert events up to `last_seq`. */
export interface StoreWorkerEvent {
  tenant_id: string;
  last_seq: number;
}

export type StoreWorkerMethods = StoreMethods & {
  /** First of all: opens the store and says how far each tenant's alerts are. */
  open(): Promise<StoreWorkerEvent[]>;
  /** Ends the thread. */
  close(): Promise<void>;
};

const { data_dir } = workerData as StoreWorkerData;
const port = parentPort!;
const store = openStore({ data_dir, clock: { now: Date.now } });

const methods: StoreWorkerMethods = {
  ...store,
  async open() {
    await store.start();
    // Listening comes first: what happens in between is told twice rather than not at all.
    store.onAlertEvents((tenant_id, last_seq) => emit({ tenant_id, last_seq } satisfies StoreWorkerEvent));
    return store.alertHeads();
  },
  async close() {
    await store.stop();
    // After the answer has left.
    setImmediate(() => port.close());
  },
};
const emit = expose(port, methods);
