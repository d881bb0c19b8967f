import type { Db, MongoClient } from "mongodb";
import { ForesightError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { forwardTo, type StoreMethods } from "../../ports/store-methods.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { createAccountStore } from "./accounts.ts";
import { type AlertFeed, createAlertFeed, type FeedMode } from "./alert-feed.ts";
import { createAlertLog } from "./alert-log.ts";
import { createAlertStore } from "./alerts.ts";
import { createAssetStore } from "./assets.ts";
import { refuseHalfCarried } from "./carry-claim.ts";
import { collectionsOf } from "./collections.ts";
import { createConfigStore } from "./config.ts";
import { createClient, databaseName } from "./connection.ts";
import { createDefaultsStore } from "./defaults.ts";
import { namingErrors, toForesightError } from "./errors.ts";
import { createHealthStore } from "./health.ts";
import { createInbox } from "./inbox.ts";
import { createMeta } from "./meta.ts";
import { createProcessorStore } from "./processor.ts";
import { createReadingReader } from "./reading-reader.ts";
import { createReadingWriter } from "./reading-writer.ts";
import { createRetention } from "./retention.ts";
import { createIndexes, INDEXES, migrate } from "./schema.ts";
import type { TreeSizes } from "./series-tree.ts";

export interface MongoStoreOptions {
  uri: string;
  clock: Clock;
  logger?: Logger;
  metrics?: Metrics;
  /** Names this process among those that watch for alerts; its place in the change stream is saved under it. */
  watcher?: string;
  sizes?: TreeSizes;
}

export interface MongoStore extends Store {
  /** How alert events become known here. */
  alertFeed(): FeedMode;
  /** The driver's client while the store runs, and the database that it uses. */
  client(): MongoClient;
  database(): Db;
}

/** Everything but the life of the service, on a connected client. */
function assemble(client: MongoClient, options: MongoStoreOptions) {
  const { clock, logger, metrics, watcher = "web", sizes } = options;
  const collections = collectionsOf(client.db(databaseName(client)));
  const meta = createMeta(collections);
  const retentionOf = createRetention(collections, clock);
  const log = createAlertLog(collections, (tenant_id, seq) => feed.tell(tenant_id, seq));
  const feed: AlertFeed = createAlertFeed({
    collections,
    log,
    name: watcher,
    clock,
    logger,
    metrics,
    restore: () => createIndexes(collections, INDEXES),
  });
  const inbox = createInbox({ collections, log, clock, logger, metrics });
  const { active, ...alerts } = createAlertStore(collections, log, meta);
  const assets = createAssetStore(collections, meta, log);
  const { giveFirst, ...defaults } = createDefaultsStore(collections, meta);
  const { store: storeHealth, ...health } = createHealthStore(collections, retentionOf);
  const writer = createReadingWriter(collections, {
    clock,
    retentionOf,
    ...(sizes !== undefined && { sizes }),
  });
  const { positions, ...processor } = createProcessorStore(collections, {
    meta,
    alerts: log,
    health: { ...health, store: storeHealth },
    writer,
    clock,
    logger,
    metrics,
  });
  const methods: StoreMethods = {
    ...assets,
    ...createReadingReader(collections, { clock, retentionOf }),
    ...health,
    ...alerts,
    ...createConfigStore(collections, meta),
    ...defaults,
    ...createAccountStore(collections, giveFirst),
    ...processor,
    async snapshot(tenant_id) {
      // The positions first: what comes after them is in the snapshot already or comes again.
      const { sensor_data, health_scores } = await positions();
      const [{ alerts, seq }, found, alert_log_id] = await Promise.all([
        active(tenant_id),
        assets.assets(tenant_id),
        meta.get<string>("alert_log_id"),
      ]);
      return {
        assets: found,
        alerts,
        positions: { sensor_data, health_scores, alerts: { log_id: alert_log_id!, seq } },
      };
    },
  };
  return {
    methods: namingErrors(methods),
    feed,
    collections,
    /** Whoever listens also takes in what foreign programs report. */
    listen(listener: Parameters<Store["onAlertEvents"]>[0]) {
      inbox.start();
      return feed.on(listener);
    },
    async stop() {
      await Promise.all([inbox.stop(), feed.stop()]);
    },
  };
}

/**
 * The store on MongoDB. Any number of processes may use one database.
 * @throws ForesightError at `start`: `unavailable`, `forbidden`, `conflict` (written by a newer version)
 */
export function createMongoStore(options: MongoStoreOptions): MongoStore {
  let open: { client: MongoClient; parts: ReturnType<typeof assemble> } | undefined;
  let starting: Promise<void> | undefined;
  const listeners = new Set<Parameters<Store["onAlertEvents"]>[0]>();
  const running = () => {
    if (open === undefined) throw new ForesightError("unavailable", "The store is not running.");
    return open;
  };

  async function launch(): Promise<void> {
    const client = createClient({ uri: options.uri });
    try {
      await client.connect();
      const parts = assemble(client, options);
      await migrate(parts.collections);
      await refuseHalfCarried(parts.collections);
      open = { client, parts };
    } catch (error) {
      await client.close();
      throw toForesightError(error);
    }
    for (const listener of listeners) open.parts.listen(listener);
  }

  return {
    ...forwardTo(() => running().parts.methods),
    onAlertEvents(listener) {
      listeners.add(listener);
      const end = open?.parts.listen(listener);
      return () => {
        listeners.delete(listener);
        end?.();
      };
    },
    alertFeed: () => running().parts.feed.mode(),
    client: () => running().client,
    database: () => running().client.db(databaseName(running().client)),
    async start() {
      starting ??= launch().catch((error) => {
        starting = undefined;
        throw error;
      });
      await starting;
    },
    async stop() {
      await starting?.catch(() => undefined);
      starting = undefined;
      const ending = open;
      open = undefined;
      if (ending === undefined) return;
      await ending.parts.stop();
      await ending.client.close();
    },
  };
}
