import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import next from "next";
import { stampPeer } from "./lib/auth/client-address.ts";
import { announce } from "./lib/runtime/announce.ts";
import { type Config, readConfig } from "./lib/runtime/config.ts";
import { createApp } from "./lib/runtime/create-app.ts";
import { publishApp } from "./lib/runtime/handle.ts";
import { listen, stopOnSignals } from "./lib/runtime/process.ts";
import { projectRoot } from "./lib/runtime/project-root.ts";
import { serveProcessor } from "./lib/runtime/serve-processor.ts";
import { removeServerFile, writeServerFile } from "./lib/runtime/server-file.ts";

/** Hosts Next.js, Socket.IO and the raw WebSockets in one server until a signal ends it. */
export async function serve(options: Parameters<typeof readConfig>[0]): Promise<void> {
  const config: Config = readConfig(options);
  if (!config.roles.includes("web")) return serveProcessor(config);
  const composition = await createApp(config);
  const { app, gateway } = composition;
  publishApp(app);

  const server = createServer();
  // Next adds an upgrade listener to the server it is given: this one never listens, the gateway owns upgrades and
  // hands over those of the development server (`getUpgradeHandler` of a custom server takes and answers none).
  const silent = createServer();
  const pages = next({ dev: config.dev, dir: projectRoot(), httpServer: silent, quiet: true });
  await pages.prepare();
  const handle = pages.getRequestHandler();
  server.on("request", (request, response) => {
    stampPeer(request, config.trusted_proxies);
    if (!gateway.handleRequest(request, response)) void handle(request, response);
  });
  gateway.attach(server, {
    upgrade(request, socket, head) {
      if (!silent.emit("upgrade", request, socket, head)) socket.destroy();
    },
  });
  await listen(server, config.port, config.host);
  const url = `http://${config.loopback ? "localhost" : config.host}:${(server.address() as AddressInfo).port}`;
  await writeServerFile(config.data_dir, { url, pid: process.pid });
  await composition.start();
  announce({ url, config, password: composition.demo_password });

  stopOnSignals(app.logger, async () => {
    // Sockets are told before the listener goes: a polling client has no other way to hear it.
    await gateway.drain();
    server.close();
    server.closeAllConnections();
    await composition.stop();
    await removeServerFile(config.data_dir);
    await pages.close();
  });
}
