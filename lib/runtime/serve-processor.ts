import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { acquireDataLock } from "../adapters/embedded/data-lock.ts";
import type { Config } from "./config.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { listen, stopOnSignals } from "./process.ts";
import { createProcessorHost } from "./processor-host.ts";
import { systemClock } from "./system-clock.ts";

/**
 * A process that processes and serves nobody (`ROLES=processor`). On its port it answers `/healthz`, `/readyz` and
 * `/metrics`, to whoever reaches it.
 */
export async function serveProcessor(config: Config): Promise<void> {
  const { data_dir, log_level, timestamp_bounds, servers } = config;
  const clock = systemClock;
  const logger = createLogger(log_level);
  const metrics = createMetrics();
  const lock = acquireDataLock(data_dir);
  const host = createProcessorHost({
    worker: { data_dir, log_level, timestamp_bounds, ...(servers !== undefined && { servers }) },
    clock,
    logger,
    metrics,
  });
  const server = createServer(async (request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (request.method !== "GET" && request.method !== "HEAD")
      answer(405, "text/plain", "Only GET is answered here.\n");
    else if (request.url === "/healthz") answer(200, "application/json", JSON.stringify({ status: "ok" }));
    else if (request.url === "/readyz") {
      const processor = host.state();
      answer(
        processor.ok ? 200 : 503,
        "application/json",
        JSON.stringify({ ready: processor.ok, parts: { processor } }),
      );
    } else if (request.url === "/metrics")
      answer(200, "text/plain; version=0.0.4; charset=utf-8", await metrics.exposition());
    else
      answer(404, "text/plain", "This process only processes; it answers /healthz, /readyz and /metrics.\n");
  });
  await host.start();
  await listen(server, config.port, config.host);
  const { port } = server.address() as AddressInfo;
  const shown = config.loopback ? "localhost" : config.host;
  process.stdout.write(
    `\nFORESIGHT is ready: http://${shown}:${port}\nIt processes, and serves nobody. Ctrl-C stops.\n\n`,
  );
  stopOnSignals(logger, async () => {
    await host.stop();
    server.close();
    server.closeAllConnections();
    lock.release();
  });
}
