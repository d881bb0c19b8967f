import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isForesightError } from "../../domain/errors.ts";
import type { Reading } from "../../domain/reading.ts";
import { createIngestService } from "../ingest-service.ts";
import { countingMetrics, type FakeLog, fakeLog } from "../testing.ts";

/** How the next requests are mistreated, one each. */
export type Mischief =
  | { status: number; headers?: Record<string, string>; body?: object }
  /** The batch is taken in, but the connection breaks before the answer. */
  | "lose answer"
  | "reset";

export interface TestServer {
  url: string;
  log: FakeLog;
  mischief: Mischief[];
  requests: { key: string | undefined; authorization: string | undefined }[];
  /** Every reading in the order of arrival, each batch once. */
  readings(): Reading[];
  /** Goes away, all connections cut. */
  stop(): Promise<void>;
  /** Comes back on the same port with the same log. */
  start(): Promise<void>;
}

/** The real ingest service behind a small HTTP server that can misbehave. */
export async function startTestServer(now: () => number): Promise<TestServer> {
  const log = fakeLog();
  const mischief: Mischief[] = [];
  const requests: TestServer["requests"] = [];
  const ingest = createIngestService({ log, clock: { now }, metrics: countingMetrics() });
  const sockets = new Set<Socket>();
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const key = request.headers["idempotency-key"] as string | undefined;
    requests.push({ key, authorization: request.headers.authorization });
    const bad = mischief.shift();
    if (bad === "reset") return void request.socket.destroy();
    const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(body));
    if (typeof bad === "object") {
      request.resume();
      return void answer(bad.status, bad.body ?? {}, bad.headers);
    }
    try {
      const options = key === undefined ? {} : { idempotency_key: key };
      const result = await ingest.ingest("demo", request, "ndjson", options);
      if (bad === "lose answer") request.socket.destroy();
      else answer(202, result);
    } catch (error) {
      if (!isForesightError(error)) return void request.socket.destroy();
      const status = error.code === "too_large" ? 413 : error.code === "invalid_request" ? 400 : 503;
      answer(status, { title: error.code, detail: error.message, errors: error.options.errors ?? [] });
    }
  };
  const server = createServer((request, response) => void handle(request, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const start = () =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    mischief,
    requests,
    readings: () => log.appended.flatMap((batch) => batch.readings),
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
