import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reading } from "../domain/reading.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway/gateway.ts";
import { createRealtime, type Realtime, type RealtimeOptions } from "../realtime/realtime.ts";
import { fakeLogger, fakeMetrics } from "./fake-system.ts";
import {
  createFakeAuthenticator,
  createFakeShared,
  type FakeAuthenticator,
} from "./fakes/fake-authenticator.ts";
import { createFakeStore, type FakeStore } from "./fakes/fake-store.ts";
import { createMemoryLog, type MemoryLog } from "./fakes/memory-log.ts";

/** Stream and gateways on a real HTTP server, over a log and a store that outlive a restart. */
export interface Stage {
  readonly url: string;
  readonly log: MemoryLog;
  readonly store: FakeStore;
  readonly authenticator: FakeAuthenticator;
  readonly gateway: Gateway;
  readonly realtime: Realtime;
  readonly metrics: ReturnType<typeof fakeMetrics>;
  readonly logger: ReturnType<typeof fakeLogger>;
  publish(readings: Reading[], tenant_id?: string): Promise<void>;
  /** Ends the server as a deployment does and starts another on what is stored. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

export interface StageOptions {
  realtime?: Partial<RealtimeOptions>;
  gateway?: Partial<GatewayOptions>;
}

const clock = { now: () => Date.now() };

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const log = createMemoryLog(clock);
  const store = createFakeStore(log);
  const authenticator = createFakeAuthenticator();
  const metrics = fakeMetrics();
  const logger = fakeLogger();
  const shared = createFakeShared();

  async function open(): Promise<{ server: Server; gateway: Gateway; realtime: Realtime; url: string }> {
    const realtime = createRealtime({ log, store, clock, logger, metrics, ...options.realtime });
    await realtime.start();
    const gateway = createGateway({
      realtime,
      authenticator,
      shared,
      clock,
      logger,
      metrics,
      allowed_origins: [],
      trusted_proxies: 0,
      check_ms: 50,
      ...options.gateway,
    });
    const server = createServer();
    server.on("request", (request, response) => {
      if (!gateway.handleRequest(request, response)) response.writeHead(404).end();
    });
    gateway.attach(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, gateway, realtime, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  async function close({ server, gateway, realtime }: Awaited<ReturnType<typeof open>>): Promise<void> {
    // While sockets are closed the server still answers, because who polls is told by its next request.
    await gateway.drain();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await realtime.stop();
    await closed;
  }

  let running = await open();
  return {
    log,
    store,
    authenticator,
    metrics,
    logger,
    get url() {
      return running.url;
    },
    get gateway() {
      return running.gateway;
    },
    get realtime() {
      return running.realtime;
    },
    async publish(readings, tenant_id = "acme") {
      await log.append(tenant_id, readings);
    },
    async restart() {
      await close(running);
      running = await open();
    },
    dispose: () => close(running),
  };
}
