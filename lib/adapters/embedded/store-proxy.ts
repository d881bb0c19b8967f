import { ForesightError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { forwardTo } from "../../ports/store-methods.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import type { StoreWorkerData, StoreWorkerEvent, StoreWorkerMethods } from "./store-worker.ts";
import { type Connection, connect, spawnWorker } from "./worker-rpc.ts";

export interface EmbeddedStoreOptions {
  data_dir: string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

const RESTART_MS = { first: 100, most: 5_000 };

/**
 * The store of a data directory in a worker thread. Where the thread dies it is started again; calls meanwhile are
 * refused with `unavailable`.
 */
export function createEmbeddedStore(options: EmbeddedStoreOptions): Store {
  const { data_dir, logger, metrics } = options;
  const listeners = new Set<Parameters<Store["onAlertEvents"]>[0]>();
  const heads = new Map<string, number>();
  let connection: Connection<StoreWorkerMethods> | undefined;
  let started: Promise<void> | undefined;
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;

  const heard = ({ tenant_id, last_seq }: StoreWorkerEvent) => {
    if (last_seq <= (heads.get(tenant_id) ?? 0)) return;
    heads.set(tenant_id, last_seq);
    for (const listener of listeners) listener(tenant_id, last_seq);
  };

  async function launch(): Promise<void> {
    const worker = spawnWorker("store-worker", { data_dir } satisfies StoreWorkerData);
    const launched: Connection<StoreWorkerMethods> = connect<StoreWorkerMethods>(worker, {
      event: (event) => heard(event as StoreWorkerEvent),
      exited: (reason) => {
        if (connection !== launched) return;
        connection = undefined;
        if (stopping) return;
        logger.error({ error: reason.message }, "the store's thread ended and is started again");
        metrics.increment("foresight_store_restarts_total");
        relaunch(RESTART_MS.first);
      },
    });
    try {
      for (const head of await launched.remote.open()) heard(head);
    } catch (error) {
      await launched.terminate();
      throw error;
    }
    if (stopping) await launched.terminate();
    else connection = launched;
  }

  function relaunch(pause: number): void {
    restart = setTimeout(() => {
      launch().catch((error: Error) => {
        logger.error({ error: error.message }, "the store cannot be opened");
        if (!stopping) relaunch(Math.min(pause * 2, RESTART_MS.most));
      });
    }, pause);
  }

  return {
    ...forwardTo(() => {
      if (connection === undefined)
        throw new ForesightError("unavailable", "The store is not running; it is started again by itself.", {
          retry_after_s: 1,
        });
      return connection.remote;
    }),
    onAlertEvents(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async start() {
      stopping = false;
      started ??= launch().catch((error) => {
        started = undefined;
        throw error;
      });
      await started;
    },
    async stop() {
      stopping = true;
      started = undefined;
      clearTimeout(restart);
      const running = connection;
      connection = undefined;
      if (running === undefined) return;
      await running.remote.close();
      await running.terminate();
    },
  };
}
