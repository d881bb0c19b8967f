import { randomUUID } from "node:crypto";
import { acquireDataLock } from "../adapters/embedded/data-lock.ts";
import { createEmbeddedLog } from "../adapters/embedded/event-log.ts";
import { createInProcessSharedState } from "../adapters/embedded/shared-state.ts";
import { createEmbeddedStore } from "../adapters/embedded/store-proxy.ts";
import { createMongoSharedState } from "../adapters/mongo/shared-state.ts";
import type { MongoStore } from "../adapters/mongo/store.ts";
import { createRedisSharedState } from "../adapters/redis/shared-state.ts";
import type { EventLog } from "../ports/event-log.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Store } from "../ports/store.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import type { Config } from "./config.ts";
import type { PartState } from "./handle.ts";
import { openKafkaLog, openMongoStore } from "./server-adapters.ts";
import type { ServersConfig } from "./topology.ts";

/** What the web role stands on, not started; started in this order, stopped in the other. */
export interface Adapters {
  store: Store;
  log: EventLog;
  shared: SharedState;
  /** How they are, for `/readyz`. @throws where a part does not answer */
  state: {
    log(): Promise<string>;
    store(): Promise<string>;
    shared?(): PartState;
  };
  /** Gives up what keeps others from the data directory. */
  release(): void;
}

interface System {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** @throws ForesightError `conflict` (a second server on the data directory) */
export function openAdapters(config: Config, system: System): Adapters {
  const lock = acquireDataLock(config.data_dir);
  const opened =
    config.servers === undefined ? embedded(config, system) : onServers(config, config.servers, system);
  const { log, store } = opened;
  return {
    ...opened,
    release: () => lock.release(),
    state: {
      log: async () => `at ${Object.values((await log.head("sensor_readings")).next).join(", ")}`,
      store: async () => `${(await store.tenants()).length} tenants`,
      ...opened.state,
    },
  };
}

function embedded({ data_dir, log_retention_ms }: Config, system: System) {
  const store = createEmbeddedStore({ data_dir, ...system });
  const log: EventLog = createEmbeddedLog({
    data_dir,
    ...system,
    retention_ms: log_retention_ms,
    keep_after: async () => store.processorPosition((await log.head("sensor_readings")).log_id),
  });
  return { store, log, shared: createInProcessSharedState(system), state: {} };
}

/** Words for how alert events become known, where that is not at once. */
async function tenantsOf(store: MongoStore): Promise<string> {
  const count = (await store.tenants()).length;
  const feed = store.alertFeed();
  return `${count} tenants; alerts by ${feed === "polling" ? "polling every second, since the server has no change streams" : "change stream"}`;
}

function onServers({ timestamp_bounds, port }: Config, servers: ServersConfig, system: System) {
  const store = openMongoStore({ servers, ...system }, `web-${port}`);
  const log = openKafkaLog({ servers, timestamp_bounds, ...system }, "web");
  const instance = randomUUID();
  const fallback = createInProcessSharedState(system);
  const { redis_url } = servers;
  const shared =
    redis_url !== undefined
      ? createRedisSharedState({ url: redis_url, instance, fallback, ...system })
      : createMongoSharedState({ db: () => store.database(), instance, fallback, ...system });
  return {
    store,
    log,
    shared,
    state: {
      store: () => tenantsOf(store),
      // What it stands for while it is away goes on in a lesser way, so the instance stays ready.
      shared: (): PartState => {
        const { ok, detail } = shared.state();
        return { ok, detail, ...(!ok && { degraded: true }) };
      },
    },
  };
}
