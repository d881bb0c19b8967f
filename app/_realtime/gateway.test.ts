import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { Reading } from "../../lib/domain/reading.ts";
import { openStage, type Stage } from "../../lib/testing/stage.ts";
import { createRealtimeClient, type RealtimeClient, TRANSPORTS, type TransportKind } from "./client.ts";
import { createRealtimeStore, type RealtimeStore } from "./store.ts";

/** A path to the server that can be cut, and that can refuse WebSockets as some proxies do. */
interface Path {
  url: string;
  cut(): void;
  only_polling: boolean;
  close(): Promise<void>;
}

async function openPath(target: () => string): Promise<Path> {
  const sockets = new Set<Socket>();
  const path = { only_polling: false };
  const server: Server = createServer((near) => {
    const far = connect(Number(new URL(target()).port), "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on("data", (data: Buffer) => {
        if (path.only_polling && /^upgrade: websocket/im.test(data.toString("latin1")))
          near.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        else other.write(data);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(path, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 10 });
}

const reading = (i: number, sensor = "T"): Reading => ({
  asset_id: "PUMP-001",
  sensor_id: sensor,
  sensor_type: "temperature",
  value: i,
  unit: "celsius",
  quality: "good",
  timestamp: Date.UTC(2024, 0, 1) + i * 1_000,
});

describe("the client against the real gateway", () => {
  let stage: Stage;
  let path: Path;
  let stores: RealtimeStore[];
  beforeEach(async () => {
    vi.stubGlobal("WebSocket", WebSocket);
    stage = await openStage();
    path = await openPath(() => stage.url);
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) {
      store.client.disconnect();
      store.stop();
    }
    await path.close();
    await stage.dispose();
    vi.unstubAllGlobals();
  });

  function start(transport: TransportKind, token = stage.authenticator.grant({ tenant_id: "acme" })) {
    const client: RealtimeClient = createRealtimeClient({
      url: path.url,
      tenant_id: "acme",
      credentials: { token },
      transport,
      random: () => 0.02,
    });
    const store = createRealtimeStore(client, {
      frames(callback) {
        const timer = setTimeout(callback, 5);
        return () => clearTimeout(timer);
      },
    });
    stores.push(store);
    const values: number[] = [];
    const alerts: string[] = [];
    store.subscribeMessages((message) => {
      if (message.type === "sensor_update") values.push(message.data.value);
      else if (message.type !== "health_update") alerts.push(`${message.data.seq} ${message.data.state}`);
    });
    store.start();
    client.connect();
    return { client, store, values, alerts, token };
  }

  describe.each(TRANSPORTS)("over %s", (transport) => {
    it("receives readings, alerts and the clock's difference", async () => {
      const { client, store, values, alerts } = start(transport);
      await until(() => client.connection().state === "live");
      await stage.publish(Array.from({ length: 500 }, (_, i) => reading(i)));
      stage.store.raise("acme");
      stage.store.raise("acme", { state: "acknowledged", kind: "acknowledged" });
      await until(() => values.length === 500 && alerts.length === 2);
      expect(values).toEqual(Array.from({ length: 500 }, (_, i) => i));
      expect(alerts).toEqual(["1 open", "2 acknowledged"]);
      await until(() => client.connection().clock !== undefined);
      expect(Math.abs(client.connection().clock!.offset_ms)).toBeLessThan(200);
      store.flush();
      expect(store.getSnapshot("assets")[0]?.sensors[0]?.latest.value).toBe(499);
      expect(store.getSnapshot("connection").transport).toMatch(
        { "socket.io": /^Socket.IO$/, polling: /polling/, websocket: /^WebSocket$/ }[transport],
      );
    });

    it("[R-3.11] loses nothing and shows nothing twice while its connections are cut again and again", async () => {
      const { client, values, alerts } = start(transport);
      await until(() => client.connection().state === "live");
      let sent = 0;
      for (let round = 0; round < 4; round++) {
        for (let batch = 0; batch < 20; batch++) {
          await stage.publish([reading(sent++), reading(sent++), reading(sent++)]);
          if (batch % 5 === 0) stage.store.raise("acme");
          if (batch === 10) path.cut();
          await nextTurn();
        }
        await until(() => client.connection().state === "live");
      }
      await until(() => values.length >= sent && alerts.length >= 16);
      expect(values).toEqual(Array.from({ length: sent }, (_, i) => i));
      expect(alerts).toEqual(Array.from({ length: 16 }, (_, i) => `${i + 1} open`));
      expect(client.connection().resets).toBe(0);
    });

    it("[R-3.4] resumes over a restart of the server, and says how much it caught up", async () => {
      const { client, values } = start(transport);
      await until(() => client.connection().state === "live");
      await stage.publish([reading(0), reading(1)]);
      await until(() => values.length === 2);
      const restarting = stage.restart();
      await until(() => client.connection().state !== "live");
      await stage.publish([reading(2), reading(3)]);
      await restarting;
      await until(() => values.length === 4);
      expect(values).toEqual([0, 1, 2, 3]);
      expect(client.connection()).toMatchObject({ state: "live", resets: 0, caught_up: 2 });
    });

    it("[R-3.9] begins anew from a snapshot where what it missed is no longer kept", async () => {
      const { client, store, values } = start(transport);
      await until(() => client.connection().state === "live");
      await stage.publish([reading(0)]);
      await until(() => values.length === 1);
      client.disconnect();
      await stage.publish(Array.from({ length: 50 }, (_, i) => reading(i + 1)));
      stage.log.removeBefore(40);
      await stage.restart();
      client.connect();
      await until(() => client.connection().resets === 1 && client.connection().state === "live");
      await stage.publish([reading(51)]);
      await until(() => values.at(-1) === 51);
      expect(new Set(values).size).toBe(values.length);
      await until(() => store.getSnapshot("assets")[0]?.sensors[0]?.latest.value === 51);
    });

    it("[R-5.1] is told to stay away when its token is revoked, and with a token that is none", async () => {
      const { client, token } = start(transport);
      await until(() => client.connection().state === "live");
      stage.authenticator.revoke(token);
      await until(() => client.connection().state === "denied");
      if (transport === "websocket") return;
      const other = start(transport, "nonsense");
      await until(() => other.client.connection().state === "denied");
      expect(other.client.connection().reason).toContain("not accepted");
    });
  });

  it("works behind a proxy that lets only polling through", async () => {
    path.only_polling = true;
    const { client, values } = start("socket.io");
    await until(() => client.connection().state === "live");
    expect(client.connection().transport).toBe("Socket.IO over polling");
    await stage.publish(Array.from({ length: 50 }, (_, i) => reading(i)));
    await until(() => values.length === 50);
  });

  it("exchanges its token for a ticket before a raw WebSocket, and says why it may not", async () => {
    const token = stage.authenticator.grant({ tenant_id: "acme" });
    const ticket = stage.authenticator.grant({ tenant_id: "acme" });
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string, init: { headers: Record<string, string> }) => {
      asked.push(`${new URL(url).pathname} ${init.headers.authorization}`);
      return init.headers.authorization === `Bearer ${token}`
        ? Response.json({ ticket }, { status: 201 })
        : Response.json({ detail: "The credentials are not accepted." }, { status: 401 });
    });
    const { client } = start("websocket", token);
    await until(() => client.connection().state === "live");
    expect(asked).toEqual([`/api/tickets Bearer ${token}`]);
    const other = start("websocket", "nonsense");
    await until(() => other.client.connection().state === "denied");
    expect(other.client.connection().reason).toBe("The credentials are not accepted");
  });
});
