import { randomUUID } from "node:crypto";
import { createAuthenticator } from "../auth/authenticator.ts";
import { deriveKeys } from "../auth/keys.ts";
import { announcingRevocations } from "../auth/revocation-news.ts";
import { createGateway, type Gateway } from "../gateway/gateway.ts";
import { createIngestService } from "../ingest/ingest-service.ts";
import { createUploadService } from "../ingest/upload-service.ts";
import type { Service } from "../ports/system.ts";
import { createShelf } from "../processor/shelf.ts";
import { createRealtime } from "../realtime/realtime.ts";
import { openAdapters } from "./adapters.ts";
import type { Config } from "./config.ts";
import { createDemoPlant } from "./demo-plant.ts";
import { DEMO_TENANT, ensureDemoTenant, wantsDemoTenant } from "./demo-tenant.ts";
import { giveDefaultRules } from "./give-default-rules.ts";
import type { App, PartState } from "./handle.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { partState } from "./part-state.ts";
import { givePlantModels } from "./plant-models.ts";
import { createProcessorHost } from "./processor-host.ts";
import { loadSecret } from "./secret.ts";
import { systemClock } from "./system-clock.ts";

export interface Composition extends Service {
  app: App;
  gateway: Gateway;
  /** The demo users' password, where it was generated at this start. */
  demo_password?: string;
}

/**
 * The composition root: chooses the adapters, wires the parts and starts them in the order in which they stand
 * on each other. Holds the data directory's lock until `stop`.
 * @throws ForesightError `conflict` (a second server on the directory), `storage_full`, `unavailable`
 */
export async function createApp(config: Config): Promise<Composition> {
  const clock = systemClock;
  const logger = createLogger(config.log_level);
  const metrics = createMetrics();
  const adapters = openAdapters(config, { clock, logger, metrics });
  const { log, shared } = adapters;
  const store = announcingRevocations(adapters.store, shared);
  const { data_dir, log_level, timestamp_bounds, servers } = config;
  const secret = await loadSecret(data_dir, config.secret);
  const keys = deriveKeys(secret);
  const authenticator = createAuthenticator({ store, shared, keys, clock });
  const ingest = createIngestService({ log, clock, metrics, bounds: timestamp_bounds });
  const uploads = createUploadService({
    log,
    store,
    clock,
    metrics,
    bounds: timestamp_bounds,
    ids: randomUUID,
  });
  const processor = config.roles.includes("processor")
    ? createProcessorHost({
        worker: { data_dir, log_level, timestamp_bounds, ...(servers !== undefined && { servers }) },
        clock,
        logger,
        metrics,
      })
    : undefined;
  const shelf = createShelf({ store, clock, logger });
  const realtime = createRealtime({ log, store, clock, logger, metrics });
  const gateway = createGateway({
    realtime,
    authenticator,
    shared,
    clock,
    logger,
    metrics,
    allowed_origins: config.allowed_origins,
    trusted_proxies: config.trusted_proxies,
    ...(config.public_url !== undefined && { public_url: config.public_url }),
  });

  const app: App = {
    config,
    clock,
    logger,
    metrics,
    log,
    store,
    shared,
    authenticator,
    keys,
    ingest,
    uploads,
    async readiness() {
      const { state } = adapters;
      const [log_state, store_state] = await Promise.all([partState(state.log), partState(state.store)]);
      const parts: Record<string, PartState> = {
        log: log_state,
        store: store_state,
        ...(state.shared && { shared: state.shared() }),
        ...(processor && { processor: processor.state() }),
      };
      return { ready: Object.values(parts).every(({ ok, degraded }) => ok || degraded === true), parts };
    },
    exposition: () => metrics.exposition(),
  };

  const services: Service[] = [store, log, shared, ...(processor ? [processor] : []), shelf, realtime];
  const started: Service[] = [];
  const stop = async () => {
    await uploads.stop();
    for (const service of started.splice(0).reverse()) await service.stop();
    adapters.release();
  };
  let demo_password: string | undefined;
  try {
    for (const service of services) {
      await service.start();
      started.push(service);
    }
    await giveDefaultRules(store, logger);
    if (wantsDemoTenant(config)) demo_password = await ensureDemoTenant(store, clock, config.demo_password);
    if (config.demo) await givePlantModels(store, DEMO_TENANT, { clock, logger });
  } catch (error) {
    await stop();
    throw error;
  }
  const demo = config.demo ? createDemoPlant({ log, clock, logger }) : undefined;
  return {
    app,
    gateway,
    ...(demo_password !== undefined && { demo_password }),
    async start() {
      if (demo === undefined) return;
      await demo.start();
      started.push(demo);
    },
    stop,
  };
}
