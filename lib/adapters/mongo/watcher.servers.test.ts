import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import {
  commandOf,
  HISTORY_LOST,
  isChangeStream,
  NOT_WRITABLE_PRIMARY,
  ONLY_ON_REPLICA_SETS,
  replyTo,
} from "../../testing/mongo-replies.ts";
import { type MongoServer, startMongo } from "../../testing/services/mongo-server.ts";
import { raise, T0 } from "../../testing/store/harness.ts";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy.ts";
import type { MongoStore } from "./store.ts";

const { MONGODB_URI } = inject("services");
const TENANT = "north";
const SOON = { timeout: 10_000, interval: 20 };

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase(MONGODB_URI);
});
afterEach(() => database.dispose());

/** What a store tells of a tenant's events; each time the newest sequence number. */
function listen(store: MongoStore): number[] {
  const heard: number[] = [];
  store.onAlertEvents((tenant_id, seq) => {
    if (tenant_id === TENANT) heard.push(seq);
  });
  return heard;
}

let raised = 0;
const raiseOn = (store: MongoStore) =>
  store.execute(TENANT, [raise(`event-${raised}`, { rule_id: `rule-${raised++}` })]);

const watching = (store: MongoStore) =>
  vi.waitFor(() => expect(store.alertFeed()).toBe("change stream"), SOON);

describe("alert events", () => {
  it("are told as they come, from where the last watch was left, each once and in order", async () => {
    const writer = await database.open();
    const first = await database.open({ watcher: "web-1" });
    const heard = listen(first);
    await watching(first);
    for (let i = 0; i < 5; i++) await raiseOn(writer);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(5), SOON);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(new Set(heard).size).toBe(heard.length);
    const saved = await database.collections.watchers.findOne({ _id: "web-1" });
    expect(saved?.token).toBeDefined();
    await first.stop();
    await raiseOn(writer);

    const second = await database.open({ watcher: "web-1" });
    const further = listen(second);
    await vi.waitFor(() => expect(further.at(-1)).toBe(6), SOON);
    await raiseOn(writer);
    await vi.waitFor(() => expect(further.at(-1)).toBe(7), SOON);
  });

  it("[bad input 62] are watched anew when their collection was dropped, with its indexes", async () => {
    const writer = await database.open();
    const store = await database.open();
    const heard = listen(store);
    await watching(store);
    await raiseOn(writer);
    await vi.waitFor(() => expect(heard).toEqual([1]), SOON);
    const events = database.client.db().collection("alert_events");
    await events.drop();
    await vi.waitFor(
      () => expect(database.metrics.counts.get("foresight_alert_watch_reopened_total")).toBe(1),
      SOON,
    );
    await vi.waitFor(async () => expect((await events.indexes()).length).toBe(4), SOON);
    await raiseOn(writer);
    await vi.waitFor(() => expect(heard).toEqual([1, 1]), SOON);
  });
});

describe("between the store and its server", () => {
  let proxy: TcpProxy;
  let through: MongoStore;
  beforeEach(async () => {
    const { port } = new URL(MONGODB_URI);
    proxy = await startTcpProxy({ port: Number(port) });
    const uri = new URL(database.uri);
    uri.port = String(proxy.port);
    through = await database.open({ uri: uri.href });
  });
  afterEach(async () => {
    proxy.set({ kind: "none" });
    await through.stop();
    await proxy.close();
  });

  /** Answers in the server's place those commands that `which` names. */
  const answer = (
    which: (command: Record<string, unknown>) => boolean,
    reply: object | ((command: Record<string, unknown>) => object),
  ) => {
    const seen = { count: 0 };
    proxy.set({
      kind: "script",
      answer: (chunk) => {
        const command = commandOf(chunk);
        if (command === undefined || !which(command)) return undefined;
        seen.count++;
        return replyTo(chunk, typeof reply === "function" ? reply(command) : reply);
      },
    });
    return seen;
  };

  it("[fault 9] history that is lost (286, as MongoDB answers) is filled by sequence; nothing missing, nothing twice", async () => {
    const writer = await database.open();
    const heard = listen(through);
    await watching(through);
    await raiseOn(writer);
    await vi.waitFor(() => expect(heard).toEqual([1]), SOON);
    const lost = answer(isChangeStream, HISTORY_LOST);
    await vi.waitFor(() => expect(lost.count).toBeGreaterThan(0), SOON);
    for (let i = 0; i < 3; i++) await raiseOn(writer);
    proxy.set({ kind: "none" });
    await vi.waitFor(() => expect(heard.at(-1)).toBe(4), SOON);
    await raiseOn(writer);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(5), SOON);
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
    expect(database.metrics.counts.get("foresight_alert_watch_reopened_total")).toBeGreaterThan(0);
    expect(through.alertFeed()).toBe("change stream");
  });

  it.each(["rename", "invalidate", "an operation of next year"])(
    "[bad input 62] [bad input 63] a change of the kind `%s` (as MongoDB tells it) stops nothing",
    async (operationType) => {
      const writer = await database.open();
      const heard = listen(through);
      await watching(through);
      await raiseOn(writer);
      await vi.waitFor(() => expect(heard).toEqual([1]), SOON);
      let told = 0;
      answer(
        (command) => isChangeStream(command) && command.getMore !== undefined && told++ === 0,
        ({ getMore }) => ({
          ok: 1,
          cursor: {
            id: getMore,
            ns: `${through.database().databaseName}.alert_events`,
            nextBatch: [{ _id: { _data: "82" }, operationType, ns: { coll: "alert_events" } }],
          },
        }),
      );
      await vi.waitFor(() => expect(told).toBeGreaterThan(1), SOON);
      await raiseOn(writer);
      await vi.waitFor(() => expect(heard).toEqual([1, 2]), SOON);
    },
  );

  it("[fault 7] a step-down (NotWritablePrimary, as MongoDB answers) is waited out; no alert goes missing", async () => {
    const heard = listen(through);
    await watching(through);
    answer((command) => command.insert !== undefined || isChangeStream(command), NOT_WRITABLE_PRIMARY);
    await expect(raiseOn(through)).rejects.toMatchObject({ code: "unavailable" });
    const writer = await database.open();
    await raiseOn(writer);
    proxy.set({ kind: "none" });
    await vi.waitFor(() => expect(heard.at(-1)).toBe(1), { timeout: 30_000 });
    await raiseOn(through);
    expect(heard.at(-1)).toBe(2);
  });

  it("[fault 8] a server that is gone is `unavailable` at once or soon, and back by itself", async () => {
    const heard = listen(through);
    await watching(through);
    proxy.set({ kind: "cut" });
    await expect(through.tenants()).rejects.toMatchObject({ code: "unavailable" });
    const writer = await database.open();
    await raiseOn(writer);
    proxy.set({ kind: "none" });
    await vi.waitFor(() => expect(heard.at(-1)).toBe(1), { timeout: 20_000 });
    expect(await through.tenants()).toEqual([]);
  });

  it("[fault 10] a standalone server (40573, as MongoDB answers) is asked each second instead", async () => {
    answer(isChangeStream, ONLY_ON_REPLICA_SETS);
    const writer = await database.open();
    const heard = listen(through);
    await vi.waitFor(() => expect(through.alertFeed()).toBe("polling"), SOON);
    await raiseOn(writer);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(1), { timeout: 5_000 });
  });
});

describe("a MongoDB-compatible server without change streams", () => {
  let server: MongoServer;
  beforeAll(async () => {
    server = await startMongo({ change_streams: false });
  });
  afterAll(() => server.stop());

  it("[fault 10] is asked each second: an alert is told within 5 s", async () => {
    const other = await testDatabase(server.uri);
    try {
      const [writer, store] = [await other.open(), await other.open()];
      const heard = listen(store);
      await vi.waitFor(() => expect(store.alertFeed()).toBe("polling"), SOON);
      await raiseOn(writer);
      await vi.waitFor(() => expect(heard).toEqual([1]), { timeout: 5_000 });
    } finally {
      await other.dispose();
    }
  });
});

describe("alerts_inbox", () => {
  const document = { tenant_id: TENANT, asset_id: "PUMP-001", title: "Oil <b>low</b>", severity: "warning" };
  let store: MongoStore;
  beforeEach(async () => {
    store = await database.open();
    await store.addTenant({ tenant_id: TENANT, name: "North", created_at: T0 }, []);
  });

  it("[bad input 61] an alert in the documented form is numbered, kept and told like any other, once", async () => {
    const beside = await database.open();
    const heard = [listen(store), listen(beside)];
    const collection = database.client.db().collection("alerts_inbox");
    await collection.insertMany([
      { ...document, metric_value: 1.5, timestamp: "2024-01-14T10:00:00Z" },
      { ...document, asset_id: "FAN-1", timestamp: new Date(T0) },
      { ...document, severity: "critical" },
    ]);
    for (const told of heard) await vi.waitFor(() => expect(told.at(-1)).toBe(3), SOON);
    await vi.waitFor(async () => expect(await collection.countDocuments()).toBe(0), SOON);
    const events = await store.alertEvents(TENANT, 0, 10);
    expect(events.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, "raised"],
      [2, "raised"],
      [3, "recurred"],
    ]);
    expect(events[0]!.alert).toMatchObject({
      title: "Oil <b>low</b>",
      metric_value: 1.5,
      timestamp: Date.UTC(2024, 0, 14, 10),
    });
    expect(database.metrics.counts.get("foresight_alerts_inbox_total")).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ["[bad input 59] without a tenant", { ...document, tenant_id: undefined }, "tenant_id"],
    ["[bad input 59] of a tenant that is none", { ...document, tenant_id: "elsewhere" }, "no such tenant"],
    ["[bad input 60] of a severity that is none", { ...document, severity: "urgent" }, "severity"],
    ["[bad input 31] with an operator for a text", { ...document, title: { $gt: "" } }, "title"],
    ["with a field that is not in the form", { ...document, id: "mine" }, "id"],
    ["of next year", { ...document, timestamp: T0 + 366 * 86_400_000 }, "ahead"],
  ])("%s it is quarantined and counted, and nothing is told", async (_, bad, reason) => {
    const heard = listen(store);
    const collection = database.client.db().collection("alerts_inbox");
    await collection.insertOne(JSON.parse(JSON.stringify(bad)));
    const { alerts_quarantine } = database.collections;
    await vi.waitFor(async () => expect(await alerts_quarantine.countDocuments()).toBe(1), SOON);
    expect((await alerts_quarantine.findOne())?.reason).toContain(reason);
    await vi.waitFor(async () => expect(await collection.countDocuments()).toBe(0), SOON);
    expect(database.metrics.counts.get("foresight_alerts_inbox_total")).toBe(1);
    expect(await store.lastAlertSeq(TENANT)).toBe(0);
    expect(heard).toEqual([]);
  });
});
