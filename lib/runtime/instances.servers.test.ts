import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { WebSocket } from "ws";
import { mintTicket } from "../auth/tickets.ts";
import { issueToken } from "../auth/tokens.ts";
import { CLOSE } from "../protocol/messages.ts";
import { readingsOf } from "../testing/event-log-contract.ts";
import { freshPrefix } from "../testing/kafka-log.ts";
import { dropDatabase } from "../testing/mongo-database.ts";
import { databaseUri } from "../testing/services/mongo-server.ts";
import { type RedisServer, startRedis } from "../testing/services/redis-server.ts";
import { connectRaw, of, type TestClient, until, valuesOf } from "../testing/test-clients.ts";
import { readConfig } from "./config.ts";
import { createApp } from "./create-app.ts";
import type { App } from "./handle.ts";

const { KAFKA_BROKERS, MONGODB_URI } = inject("services");
const TENANT = "demo";

interface Instance {
  app: App;
  url: string;
  stop(): Promise<void>;
}

/** Everything of an instance but the pages: its own data directory, connections, hub and sockets. */
async function launch(env: Record<string, string>): Promise<Instance> {
  const data_dir = await mkdtemp(join(tmpdir(), "foresight-instance-"));
  const composition = await createApp(readConfig({ data_dir }, env));
  const { app, gateway } = composition;
  const server = createServer((request, response) => {
    if (!gateway.handleRequest(request, response)) response.writeHead(404).end();
  });
  gateway.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let stopped: Promise<void> | undefined;
  const end = async () => {
    await gateway.drain();
    server.close();
    server.closeAllConnections();
    await composition.stop();
    await rm(data_dir, { recursive: true });
  };
  return {
    app,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}

/** @returns the status of a raw handshake; a socket that opened is closed again */
function handshake(url: string, query: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/dashboard/${TENANT}?${query}`);
    socket.on("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.on("error", reject);
  });
}

describe.each([{ place: "Redis" }, { place: "MongoDB" }])(
  "three instances that share tickets, limits and revocations in $place",
  ({ place }) => {
    let redis: RedisServer | undefined;
    let env: Record<string, string>;
    let instances: Instance[];

    beforeAll(async () => {
      // Of its own: limits are counted by address, and every test's is the same.
      if (place === "Redis") redis = await startRedis();
      env = {
        KAFKA_BROKERS,
        KAFKA_TOPIC_PREFIX: freshPrefix(),
        MONGODB_URI: databaseUri(MONGODB_URI, `instances_${randomUUID().slice(0, 8)}`),
        ...(redis && { REDIS_URL: redis.url }),
        NEXTAUTH_SECRET: randomBytes(48).toString("base64url"),
        DEMO_PASSWORD: "correct horse battery",
        LOG_LEVEL: "fatal",
        ROLES: "web",
      };
      // The first makes topics, indexes and the tenant.
      const first = await launch({ ...env, ROLES: "web,processor" });
      instances = [first, ...(await Promise.all([launch(env), launch(env)]))];
    });
    afterAll(async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      await dropDatabase(env.MONGODB_URI!);
      await redis?.stop();
    });

    const issue = (app: App, name: string) =>
      issueToken(app, { tenant_id: TENANT, role: "viewer", name, ttl_ms: 600_000, by: "test" });
    const connect = (instance: Instance, token: string) =>
      connectRaw({ url: instance.url, tenant_id: TENANT, token });
    const follow = (client: TestClient, cursors?: Record<string, string>) =>
      client.send({ type: "subscribe", channels: ["sensor_data"], ...(cursors && { cursors }) });

    it("[bad input 5] let a ticket in once, wherever it is shown and however many ask at once", async () => {
      const [first, second, third] = instances as [Instance, Instance, Instance];
      const { token } = await issue(first.app, "tickets");
      const principal = await first.app.authenticator.authenticate({ token });
      const { ticket } = await mintTicket(first.app, principal);
      const asked = await Promise.all(
        [second, third, second, third].map(({ url }) => handshake(url, `ticket=${ticket}`)),
      );
      expect(asked.sort()).toEqual([101, 401, 401, 401]);
      expect(await handshake(first.url, `ticket=${ticket}`)).toBe(401);
    });

    it("close what is open everywhere when a token is revoked at one, and take it nowhere 2 s later", async () => {
      const { token, record } = await issue(instances[0]!.app, "revoked");
      const clients = await Promise.all(instances.map((instance) => connect(instance, token)));
      const began = performance.now();
      await instances[0]!.app.store.revokeToken(TENANT, record.jti, Date.now());
      const closed = await Promise.all(clients.map((client) => client.closed));
      expect(closed.map(({ code }) => code)).toEqual([CLOSE.REVOKED, CLOSE.REVOKED, CLOSE.REVOKED]);
      expect(performance.now() - began).toBeLessThan(5_000);
      // A token's good standing is believed for a second.
      for (const { url } of instances)
        await vi.waitFor(async () => expect(await handshake(url, `token=${token}`)).toBe(401), 2_000);
    });

    it("count a user's sockets together", async () => {
      const { token } = await issue(instances[0]!.app, "many");
      const clients: TestClient[] = [];
      for (let i = 0; i < 20; i++) clients.push(await connect(instances[i % 3]!, token));
      for (const instance of instances)
        await expect(connect(instance, token)).rejects.toMatchObject({ code: "too_many" });
      clients[0]!.close();
      await vi.waitFor(async () => (await connect(instances[1]!, token)).close(), 10_000);
      for (const client of clients) client.close();
    });

    it("[fault 11] [fault 12] let a client go on at another one by its cursor, while processors come and go", async () => {
      const [first, second, third] = instances as [Instance, Instance, Instance];
      const { token } = await issue(first.app, "resumes");
      const before = await connect(second, token);
      follow(before);
      await until(() => of(before, "subscribed").length === 1, "the subscription");
      await first.app.log.append(TENANT, readingsOf(500, 0, 10));
      await until(() => valuesOf(before).length === 500, "the first half", 30_000);
      const cursor = before.messages.findLast((message) => "cursor" in message) as { cursor: string };
      before.close();

      const processor = await launch({ ...env, ROLES: "web,processor" });
      await first.app.log.append(TENANT, readingsOf(500, 500, 10));
      const after = await connect(third, token);
      follow(after, { sensor_data: cursor.cursor });
      await until(() => valuesOf(after).length >= 500, "what was missed", 30_000);
      await processor.stop();
      await second.app.log.append(TENANT, readingsOf(500, 1_000, 10));
      await until(() => valuesOf(after).length >= 1_000, "what came after", 30_000);

      // By asset, whose order is kept; a tick that is told again by a resume is known by its identity.
      const values = [...new Set([...valuesOf(before), ...valuesOf(after)])];
      for (let asset = 0; asset < 10; asset++)
        expect(values.filter((value) => value % 10 === asset)).toEqual(
          Array.from({ length: 150 }, (_, i) => asset + i * 10),
        );
      expect(of(after, "reset")).toEqual([]);
      await vi.waitFor(
        async () => expect((await third.app.store.stats(TENANT)).readings).toBe(1_500),
        60_000,
      );
      after.close();
    });

    it("count failed handshakes of an address together", async () => {
      const tries = instances.flatMap(({ url }) => Array.from({ length: 50 }, () => url));
      const answers = await Promise.all(tries.map((url) => handshake(url, "token=wrong")));
      expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(120);
      for (const { url } of instances) expect(await handshake(url, "token=wrong")).toBe(429);
    });
  },
);
