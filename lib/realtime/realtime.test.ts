import { afterEach, describe, expect, it } from "vitest";
import type { Principal } from "../domain/identity.ts";
import type { Reading } from "../domain/reading.ts";
import { CHANNELS, CLOSE, type ServerMessage } from "../protocol/messages.ts";
import { fakeLogger, fakeMetrics } from "../testing/fake-system.ts";
import { createFakeStore } from "../testing/fakes/fake-store.ts";
import { createMemoryLog } from "../testing/fakes/memory-log.ts";
import { until } from "../testing/test-clients.ts";
import type { Connection, Frames, Payload, Wire } from "./connection.ts";
import { createRealtime, type Realtime } from "./realtime.ts";

const clock = { now: () => Date.now() };
let running: Realtime[] = [];
afterEach(async () => {
  for (const realtime of running) await realtime.stop();
  running = [];
});

const reading = (value: number): Reading => ({
  asset_id: "PUMP-001",
  sensor_id: "T",
  sensor_type: "temperature",
  value,
  unit: "°C",
  quality: "good",
  timestamp: Date.UTC(2024, 0) + value,
});
const readings = (from: number, count: number) => Array.from({ length: count }, (_, i) => reading(from + i));

/** A connection without a network, whose wire counts how often it was asked to frame. */
function pretend(wire_id = "test") {
  const messages: ServerMessage[] = [];
  const state = { framed: 0, writes: 0, closed: undefined as number | undefined, unsent: 0 };
  const wire: Wire = {
    id: wire_id,
    frame(payloads: readonly Payload[]): Frames {
      state.framed++;
      const packets = payloads.flatMap((payload) => ("jsons" in payload ? payload.jsons : []));
      return { kind: "packets", packets, size: packets.reduce((sum, packet) => sum + packet.length, 0) };
    },
  };
  const connection: Connection = {
    principal: { tenant_id: "acme" } as Principal,
    wire,
    write(frames) {
      state.writes++;
      if (frames.kind === "packets") messages.push(...frames.packets.map((json) => JSON.parse(String(json))));
    },
    buffered: () => state.unsent,
    close: (code) => {
      state.closed = code;
    },
  };
  const values = () =>
    messages.flatMap((message) => (message.type === "sensor_update" ? [message.data.value] : []));
  return { connection, messages, state, values, types: () => messages.map(({ type }) => type) };
}

async function open(
  options: Partial<Parameters<typeof createRealtime>[0]> = {},
  log = createMemoryLog(clock),
) {
  const store = createFakeStore(log);
  const realtime = createRealtime({
    log,
    store,
    clock,
    logger: fakeLogger(),
    metrics: fakeMetrics(),
    ...options,
  });
  running.push(realtime);
  await realtime.start();
  const subscribe = async (message: object = {}, wire_id?: string) => {
    const client = pretend(wire_id);
    const session = realtime.open(client.connection, { channels: CHANNELS });
    session.receive({ type: "subscribe", channels: ["sensor_data"], ...message });
    await until(() => client.types().includes("subscribed"));
    return { ...client, session };
  };
  return { log, store, realtime, subscribe };
}

describe("The stream", () => {
  it("[R-2.4] a room is encoded once for each wire and written once to each socket, however many readings a tick has", async () => {
    const { log, subscribe } = await open();
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, i) => subscribe({}, i < 15 ? "one" : "other")),
    );
    await until(() => clients.every(({ types }) => types().includes("snapshot")));
    for (const { state } of clients) Object.assign(state, { framed: 0, writes: 0 });
    await log.append("acme", readings(0, 500));
    await until(() => clients.every(({ values }) => values().length === 500));
    expect(clients.reduce((sum, { state }) => sum + state.framed, 0)).toBe(2);
    expect(clients.map(({ state }) => state.writes)).toEqual(clients.map(() => 1));
  });

  it("[R-2.1] what comes within a tick leaves together", async () => {
    const { log, subscribe } = await open({ tick_ms: 60 });
    const client = await subscribe();
    await until(() => client.types().includes("snapshot"));
    client.state.writes = 0;
    for (let i = 0; i < 50; i++) await log.append("acme", [reading(i)]);
    await until(() => client.values().length === 50);
    expect(client.state.writes).toBeLessThanOrEqual(3);
  });

  it("[R-3.4] is ready when the history is back in memory, and keeps to what memory may hold", async () => {
    const log = createMemoryLog(clock);
    await log.append("acme", readings(0, 301_000));
    const { realtime, subscribe } = await open({}, log);
    expect(await realtime.state()).toMatchObject({ behind: 0 });
    const client = await subscribe({ cursors: { sensor_data: "memory:0:300900" } });
    await until(() => client.values().length === 100);
  });

  it("those who come back together are served from one encoding", async () => {
    const { log, subscribe } = await open();
    const first = await subscribe();
    await until(() => first.types().includes("snapshot"));
    for (let i = 0; i < 5; i++) {
      await log.append("acme", readings(i * 10, 10));
      await until(() => first.values().length === (i + 1) * 10);
    }
    const herd = await Promise.all(
      Array.from({ length: 30 }, () => subscribe({ cursors: { sensor_data: "memory:0:0" } })),
    );
    await until(() => herd.every(({ values }) => values().length === 50));
    for (const { values } of herd) expect(values()).toEqual(first.values());
    // `subscribed` alone is each one's own.
    expect(herd.map(({ state }) => state.framed)).toEqual(herd.map(() => 1));
  });

  it("[R-3.8] [R-4.2] a replay waits for a socket that does not drain, and one that never does is closed", async () => {
    const { log, realtime } = await open({ caught_up_bytes: 10, lag_ms: 100 });
    await log.append("acme", readings(0, 50_000));
    const client = pretend();
    client.state.unsent = 1_000;
    const session = realtime.open(client.connection, { channels: CHANNELS });
    session.receive({ type: "subscribe", channels: ["sensor_data"], cursors: { sensor_data: "memory:0:0" } });
    await until(() => client.state.closed === CLOSE.SLOW_CONSUMER);
    expect(client.values().length).toBeLessThan(50_000);
  });

  it("[R-2.5] a health score written twice is sent once", async () => {
    const { log, realtime } = await open();
    const client = pretend();
    realtime.open(client.connection, { channels: CHANNELS, unasked: ["health_scores"] });
    await until(() => client.types().includes("snapshot"));
    const score = {
      tenant_id: "acme",
      asset_id: "PUMP-001",
      timestamp: 0,
      received_at: 0,
      score: 70,
      risk_level: "low" as const,
      evidence: [],
      source_partition: 0,
      source_offset: 4,
    };
    log.appendHealth("acme", [score, score]);
    log.appendHealth("acme", [{ ...score, source_offset: 5, score: 60 }]);
    await until(() =>
      client.messages.some((message) => message.type === "health_update" && message.data.score === 60),
    );
    expect(client.types().filter((type) => type === "health_update")).toHaveLength(2);
  });

  it("alerts that come in a burst arrive each, in order, also where a notice is lost", async () => {
    const { store, realtime } = await open({ look_every_ms: 30 });
    const client = pretend();
    realtime.open(client.connection, { channels: CHANNELS, unasked: ["alerts"] });
    await until(() => client.types().includes("snapshot"));
    for (let i = 0; i < 1_200; i++) store.raise("acme");
    await until(() => client.types().filter((type) => type === "alert_triggered").length === 1_200);
    const seqs = client.messages.flatMap((message) =>
      message.type === "alert_triggered" ? [message.data.seq] : [],
    );
    expect(seqs).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 1));
    store.raise("acme", {}, { notify: false });
    await until(() => client.types().filter((type) => type === "alert_triggered").length === 1_201);
  });

  it("[R-3.7] says at once when the log or the store stands, keeps the socket, and says when it goes on", async () => {
    const log = createMemoryLog(clock);
    const { store, subscribe } = await open({ look_every_ms: 30, head_every_ms: 60_000 }, log);
    const client = await subscribe({ channels: ["sensor_data", "alerts"] });
    const stalled = () => {
      const heads = client.messages.filter((message) => message.type === "head").slice(-2);
      return Object.fromEntries(heads.map((head) => [head.channel, head.stalled === true]));
    };
    const { head } = log;
    log.head = async () => Promise.reject(new Error("gone"));
    await until(() => stalled().sensor_data === true);
    expect(stalled().alerts).toBe(false);
    log.head = head;
    await until(() => stalled().sensor_data === false);
    const { lastAlertSeq } = store;
    store.lastAlertSeq = async () => Promise.reject(new Error("gone"));
    await until(() => stalled().alerts === true);
    store.lastAlertSeq = lastAlertSeq;
    await until(() => stalled().alerts === false);
    expect(client.state.closed).toBeUndefined();
  });

  it("a store that does not answer gives an error, and who did not ask is closed to come back", async () => {
    const { store, subscribe, realtime } = await open();
    store.snapshot = async () => {
      throw new Error("no");
    };
    const client = pretend();
    realtime.open(client.connection, { channels: CHANNELS, unasked: ["alerts"] });
    await until(() => client.state.closed === CLOSE.SHUTTING_DOWN);
    expect(client.messages[0]).toMatchObject({ type: "error", code: "internal" });
    const asked = pretend();
    realtime
      .open(asked.connection, { channels: CHANNELS })
      .receive({ type: "subscribe", channels: ["alerts"] });
    await until(() => asked.types().includes("error"));
    expect(asked.state.closed).toBeUndefined();
    expect(await subscribe({ cursors: { sensor_data: "memory:0:0" } })).toBeDefined();
  });
});
