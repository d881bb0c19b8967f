import { mkdirSync } from "node:fs";
import { ForesightError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { forwardTo, type StoreMethods } from "../../ports/store-methods.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { createAlertWatch } from "./alert-watch.ts";
import { createChunkReader } from "./chunk-reader.ts";
import { storeFile } from "./data-files.ts";
import { type NewsTopic, openNews } from "./news.ts";
import { openDatabase } from "./sqlite.ts";
import { createAccountStore } from "./store-accounts.ts";
import { type AlertParts, createAlertStore } from "./store-alerts.ts";
import { createAssetStore } from "./store-assets.ts";
import { createConfigStore } from "./store-config.ts";
import { createDefaultsStore } from "./store-defaults.ts";
import { createHealthStore } from "./store-health.ts";
import { createMeta } from "./store-meta.ts";
import { createProcessorStore } from "./store-processor.ts";
import { migrateStore } from "./store-schema.ts";

export interface StoreOptions {
  data_dir: string;
  clock: Clock;
  logger?: Logger;
  metrics?: Metrics;
}

/** 32 MiB of pages in memory; the write-ahead log is folded back every 16 MiB. */
const TUNING = "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096; PRAGMA temp_store = MEMORY";

/** Everything but the life of the service, on an open database. */
function assemble({ data_dir, clock, logger, metrics }: StoreOptions) {
  mkdirSync(data_dir, { recursive: true });
  const db = openDatabase(storeFile(data_dir));
  try {
    db.exec(TUNING);
    migrateStore(db);
  } catch (error) {
    db.close();
    throw error;
  }
  const news = openNews(data_dir);
  const tell = (topic: NewsTopic) => () => news.publish(topic);
  const meta = createMeta(db);
  const alerts = createAlertStore(db, meta, tell("alerts"));
  const assets = createAssetStore(db, meta, tell("config"));
  const config = createConfigStore(db, meta, tell("config"));
  const health = createHealthStore(db);
  const processor = createProcessorStore(db, { meta, alerts, health, clock, logger, metrics }, news.publish);
  const defaults = createDefaultsStore(db, meta, tell("config"));
  const accounts = createAccountStore(db, defaults.giveFirst, tell("config"));
  const readings = createChunkReader(db);
  const watch = createAlertWatch(db, news, alerts.heads);
  const methods: StoreMethods = {
    ...assets,
    ...readings,
    ...health,
    ...alerts,
    ...config,
    ...defaults,
    ...accounts,
    ...processor,
    async snapshot(tenant_id) {
      return db.snapshot(() => ({
        assets: assets.list(tenant_id),
        alerts: alerts.active(tenant_id),
        positions: {
          sensor_data: processor.position(),
          health_scores: { log_id: meta.get<string>("store_id")!, next: { 0: health.nextOffset() } },
          alerts: { log_id: meta.get<string>("alert_log_id")!, seq: alerts.head(tenant_id) },
        },
      }));
    },
  };
  return {
    methods,
    alerts,
    watch,
    close() {
      watch.close();
      news.close();
      db.close();
    },
  };
}

/**
 * The store of a data directory, in this thread: each call waits for the disk. For worker threads and commands;
 * any number of them may have it open, in any number of processes.
 * @throws ForesightError at `start`: `forbidden`, `storage_full`, `conflict` (written by a newer version)
 */
export function openStore(options: StoreOptions): Store & { alertHeads: AlertParts["heads"] } {
  let open: ReturnType<typeof assemble> | undefined;
  const running = () => {
    if (open === undefined) throw new ForesightError("unavailable", "The store is not running.");
    return open;
  };
  return {
    ...forwardTo(() => running().methods),
    onAlertEvents: (listener) => running().watch.on(listener),
    alertHeads: () => running().alerts.heads(),
    async start() {
      open ??= assemble(options);
    },
    async stop() {
      open?.close();
      open = undefined;
    },
  };
}
