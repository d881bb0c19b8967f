import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTcp } from "./raw-tcp.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

describe("the tests' TCP proxy", () => {
  let echo: Server;
  let proxy: TcpProxy;
  const peers = new Set<Socket>();
  const url = () => `http://127.0.0.1:${proxy.port}`;

  beforeEach(async () => {
    echo = createServer((socket) => {
      peers.add(socket);
      socket.on("error", () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    proxy = await startTcpProxy({ port: (echo.address() as { port: number }).port });
  });
  afterEach(async () => {
    await proxy.close();
    for (const peer of peers) peer.destroy();
    peers.clear();
    await new Promise((resolve) => echo.close(resolve));
  });

  it("lets everything through when told nothing", async () => {
    const client = openTcp(url(), "hello");
    expect(await client.until((text) => text === "hello")).toBe("hello");
    client.socket.destroy();
  });

  it("cuts what is open and takes nothing new", async () => {
    const client = openTcp(url(), "hello");
    await client.until((text) => text === "hello");
    proxy.set({ kind: "cut" });
    expect(await client.ended).toBe("hello");
    expect(await openTcp(url(), "again").ended).toBe("");
    expect(proxy.connections).toBe(0);
  });

  it("swallows as a black hole does, and delivers what it held when the hole closes", async () => {
    const client = openTcp(url(), "a");
    await client.until((text) => text === "a");
    proxy.set({ kind: "black_hole" });
    client.socket.write("b");
    const other = openTcp(url(), "c");
    await expect.poll(() => proxy.connections).toBe(2);
    expect([client.received(), other.received()]).toEqual(["a", ""]);
    proxy.set({ kind: "none" });
    await client.until((text) => text === "ab");
    await other.until((text) => text === "c");
    client.socket.destroy();
    other.socket.destroy();
  });

  it("strands what is open for good, and lets new connections through", async () => {
    const client = openTcp(url(), "a");
    await client.until((text) => text === "a");
    proxy.set({ kind: "strand" });
    client.socket.write("b");
    const other = openTcp(url(), "c");
    await other.until((text) => text === "c");
    proxy.set({ kind: "none" });
    other.socket.write("d");
    await other.until((text) => text === "cd");
    expect(client.received()).toBe("a");
    client.socket.destroy();
    other.socket.destroy();
  });

  it("delays in order", async () => {
    proxy.set({ kind: "delay", ms: 50 });
    const begun = performance.now();
    const client = openTcp(url(), "1");
    client.socket.write("2");
    expect(await client.until((text) => text.length === 2)).toBe("12");
    expect(performance.now() - begun).toBeGreaterThanOrEqual(95);
    client.socket.destroy();
  });

  it("answers in the server's place with the bytes of a script", async () => {
    proxy.set({
      kind: "script",
      answer: (chunk) => (chunk.includes("status") ? Buffer.from("stepping down") : undefined),
    });
    const client = openTcp(url(), "plain ");
    await client.until((text) => text === "plain ");
    client.socket.write("status");
    expect(await client.until((text) => text.endsWith("down"))).toBe("plain stepping down");
    client.socket.destroy();
  });
});
