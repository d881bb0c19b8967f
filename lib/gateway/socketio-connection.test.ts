import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Socket as ServerSocket, Server as SocketIoServer } from "socket.io";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../domain/identity.ts";
import { SocketIoConnection, takesFrames } from "./socketio-connection.ts";

let http: Server;
let server: SocketIoServer;
let client: Socket;
const principal = { tenant_id: "acme" } as Principal;

beforeEach(async () => {
  http = createServer();
  server = new SocketIoServer(http);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  client.disconnect();
  await server.close();
});

/** A connected pair, and everything that the client gets. */
async function pair(transports: string[], upgrade = false) {
  const got: [string, unknown][] = [];
  const connected = new Promise<ServerSocket>((resolve) => server.of("/dashboard").on("connection", resolve));
  client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}/dashboard`, { transports, upgrade });
  client.onAny((event: string, payload: unknown) => got.push([event, payload]));
  const socket = await connected;
  return { socket, connection: new SocketIoConnection(principal, socket), got };
}
const arrived = (got: unknown[], count: number) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (got.length < count) setTimeout(look, 2);
      else resolve();
    };
    look();
  });
const messages = (from: number, count: number) => ({
  type: "sensor_update",
  jsons: Array.from({ length: count }, (_, i) => `{"n":${from + i}}`),
});

describe("A Socket.IO connection", () => {
  it("writes many messages at once between two of the library's own, whole and in order", async () => {
    const { socket, connection, got } = await pair(["websocket"]);
    socket.emit("before", 1);
    connection.write(connection.wire.frame([messages(0, 1_000)]));
    socket.emit("between", { big: "x".repeat(70_000) });
    connection.write(
      connection.wire.frame([messages(1_000, 1), { type: "sensor_batch", bytes: new Uint8Array([1, 2, 3]) }]),
    );
    socket.emit("after", new Uint8Array([9]));
    await arrived(got, 1_005);
    expect(got.map(([event]) => event)).toEqual([
      "before",
      ...Array.from({ length: 1_000 }, () => "sensor_update"),
      "between",
      "sensor_update",
      "sensor_batch",
      "after",
    ]);
    expect(got.slice(1, 1_001).map(([, payload]) => (payload as { n: number }).n)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => i),
    );
    expect(new Uint8Array(got[1_003]![1] as Buffer)).toEqual(new Uint8Array([1, 2, 3]));
  });

  it("leaves framing to the library while the transport is polling", async () => {
    const { socket, connection, got } = await pair(["polling"]);
    expect(connection.wire.id).toBe("polling/dashboard");
    socket.emit("before");
    connection.write(
      connection.wire.frame([messages(0, 10), { type: "sensor_batch", bytes: new Uint8Array([1, 2, 3]) }]),
    );
    socket.emit("after");
    await arrived(got, 13);
    expect(got.map(([event]) => event).slice(0, 2)).toEqual(["before", "sensor_update"]);
    expect(new Uint8Array(got[11]![1] as Buffer)).toEqual(new Uint8Array([1, 2, 3]));
  });

  it("loses and reorders nothing while polling becomes a WebSocket", async () => {
    const { socket, connection, got } = await pair(["polling", "websocket"], true);
    const wires = new Set<string>();
    let sent = 0;
    const upgraded = new Promise<void>((resolve) => socket.conn.once("upgrade", () => resolve()));
    let done = false;
    const writing = (async () => {
      while (!done || sent < 50) {
        wires.add(connection.wire.id);
        connection.write(connection.wire.frame([messages(sent, 3)]));
        sent += 3;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await upgraded;
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    done = true;
    await writing;
    await arrived(got, sent);
    expect(got.map(([, payload]) => (payload as { n: number }).n)).toEqual(
      Array.from({ length: sent }, (_, i) => i),
    );
    expect(wires).toEqual(new Set(["polling/dashboard", "socket.io/dashboard"]));
  });

  it("takes frames only on a WebSocket that does not compress and has the sender they go through", () => {
    const socket = { _sender: { sendFrame: () => undefined } };
    expect(takesFrames({ transport: { name: "websocket", socket } })).toBe(true);
    expect(takesFrames({ transport: { name: "polling", socket } })).toBe(false);
    expect(takesFrames({ transport: { name: "websocket", socket, perMessageDeflate: {} } })).toBe(false);
    expect(takesFrames({ transport: { name: "websocket", socket: {} } })).toBe(false);
  });

  it("counts what waits in Engine.IO's queue as well as what waits in the socket", async () => {
    const { connection } = await pair(["websocket"]);
    const frames = connection.wire.frame([messages(0, 100_000)]);
    for (let i = 0; i < 5; i++) connection.write(frames);
    expect(connection.buffered()).toBeGreaterThan(frames.size * 3);
  });
});
