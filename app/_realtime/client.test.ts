import { describe, expect, it } from "vitest";
import type { ClientEvent } from "./client.ts";
import { alertMessage, clientOnLinks, healthMessage, START, snapshotMessage, update } from "./testing.ts";

type Set = ReturnType<typeof clientOnLinks>;

function listen({ client }: Set) {
  const events: ClientEvent[] = [];
  client.on((event) => events.push(event));
  return {
    events,
    values: () =>
      events.flatMap((event) => (event.type === "readings" ? event.readings.map(({ value }) => value) : [])),
    of: <T extends ClientEvent["type"]>(type: T) =>
      events.filter((event): event is Extract<ClientEvent, { type: T }> => event.type === type),
  };
}

describe("the client", () => {
  it("does nothing before it is told to, then subscribes to all channels in binary form", () => {
    const set = clientOnLinks();
    expect(set.links).toHaveLength(0);
    expect(set.client.connection().state).toBe("idle");
    set.client.connect();
    set.accept();
    expect(set.sent("subscribe")).toEqual([
      { type: "subscribe", channels: ["sensor_data", "alerts", "health_scores"], format: "binary" },
    ]);
    expect(set.client.connection()).toMatchObject({ state: "live", tenant_id: "demo", transport: "a test" });
  });

  it("resumes each channel where it was, and drops what comes again", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    set.say(update("T", 0, 1));
    set.say(update("T", 1_000, 2, { cursor: "log:0:2" }));
    set.say(alertMessage(4, "a"));
    set.say(healthMessage("PUMP-001", 0, 90));
    set.lose();
    set.time.advance(500);
    expect(set.links).toHaveLength(2);
    set.accept({}, { sensor_data: true, alerts: true });
    expect(set.sent("subscribe")[0]!.cursors).toEqual({ sensor_data: "log:0:2", alerts: "alerts:0:5" });
    set.say(update("T", 1_000, 2));
    set.say(update("T", 2_000, 3, { cursor: "log:0:3" }));
    set.say(alertMessage(4, "a"));
    set.say(alertMessage(5, "a", "acknowledged"));
    set.say(healthMessage("PUMP-001", 0, 90));
    set.say(healthMessage("PUMP-001", 1_000, 80));
    expect(heard.values()).toEqual([1, 2, 3]);
    expect(heard.of("alert").map(({ message }) => message.data.seq)).toEqual([4, 5]);
    expect(heard.of("health").map(({ message }) => message.data.score)).toEqual([90, 80]);
    expect(heard.of("duplicates").map(({ channel, count }) => [channel, count])).toEqual([
      ["sensor_data", 1],
      ["alerts", 1],
      ["health_scores", 1],
    ]);
  });

  it("keeps its cursor until what is replayed has come, whatever `subscribed` announces", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept({ sensor_data: "log:0:10" });
    expect(set.client.cursor("sensor_data")).toBe("log:0:10");
    set.lose();
    set.time.advance(500);
    set.accept({ sensor_data: "log:0:90" }, { sensor_data: true });
    expect(set.client.cursor("sensor_data")).toBe("log:0:10");
  });

  it("forgets a channel at `reset` and goes on from the snapshot", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    set.say(update("T", 0, 1, { cursor: "old:0:9" }));
    set.say({ type: "reset", channel: "sensor_data", reason: "log_changed" });
    expect(set.client.cursor("sensor_data")).toBeUndefined();
    set.say(snapshotMessage());
    expect(set.client.cursor("sensor_data")).toBe("log:0:100");
    set.say(update("T", 0, 5));
    expect(heard.values()).toEqual([1, 5]);
    expect(set.client.connection().resets).toBe(1);
    expect(heard.of("snapshot")).toHaveLength(1);
  });

  it("takes a reading that the snapshot already showed for a repetition", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    const at = new Date(START + 500).toISOString();
    set.say(
      snapshotMessage({
        assets: [
          {
            asset_id: "PUMP-001",
            asset_type: "pump",
            received_at: at,
            open_alerts: { info: 0, warning: 0, critical: 0 },
            sensors: [
              {
                sensor_id: "T",
                sensor_type: "temperature",
                unit: "celsius",
                readings: 3,
                first_at: at,
                latest: { timestamp: at, received_at: at, value: 7, quality: "good" },
              },
            ],
          },
        ],
      }),
    );
    set.say(update("T", 400, 6));
    set.say(update("T", 500, 7));
    expect(heard.values()).toEqual([6]);
  });

  it("[R-3.7] asks again where the head tells that something did not come, and once only where it was not for it", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    set.say(update("T", 0, 1, { cursor: "log:0:1" }));
    const head = (cursor: string) =>
      set.say({ type: "head", channel: "sensor_data", cursor, timestamp: new Date(START).toISOString() });
    head("log:0:1");
    expect(set.sent("subscribe")).toHaveLength(1);
    head("log:0:3");
    expect(set.sent("subscribe")[1]).toMatchObject({
      channels: ["sensor_data"],
      cursors: { sensor_data: "log:0:1" },
    });
    set.accept({}, { sensor_data: true });
    set.say(update("T", 1_000, 2));
    set.say(update("T", 2_000, 3, { cursor: "log:0:3" }));
    head("log:0:3");
    expect(set.sent("subscribe")).toHaveLength(2);
    expect(heard.values()).toEqual([1, 2, 3]);
    head("log:0:9");
    head("log:0:9");
    expect(set.sent("subscribe")).toHaveLength(3);
    expect(set.client.cursor("sensor_data")).toBe("log:0:9");
  });

  it("notices an alert event that did not come and lets none overtake it", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    set.say(alertMessage(4, "a"));
    set.say(alertMessage(6, "c"));
    set.say(alertMessage(7, "d"));
    expect(set.sent("subscribe").slice(1)).toMatchObject([
      { channels: ["alerts"], cursors: { alerts: "alerts:0:5" } },
    ]);
    set.accept({}, { alerts: true });
    for (const [seq, id] of [
      [5, "b"],
      [6, "c"],
      [7, "d"],
    ] as const)
      set.say(alertMessage(seq, id));
    expect(heard.of("alert").map(({ message }) => message.data.seq)).toEqual([4, 5, 6, 7]);
  });

  it("goes on after a gap in the numbers that the server confirms, and expects gaps where assets are chosen", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    set.say(alertMessage(4, "a"));
    set.say(alertMessage(6, "c"));
    set.accept({}, { alerts: true });
    set.say(alertMessage(6, "c"));
    expect(heard.of("alert").map(({ message }) => message.data.seq)).toEqual([4, 6]);
    set.client.subscribe({ channels: ["alerts"], assets: ["PUMP-001"] });
    const asked = set.sent("subscribe").length;
    set.say(alertMessage(9, "f"));
    set.say(alertMessage(12, "g"));
    expect(set.sent("subscribe")).toHaveLength(asked);
  });

  it("comes back by itself after 15 s of silence", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.time.advance(14_999);
    expect(set.links).toHaveLength(1);
    set.time.advance(1);
    expect(set.links).toHaveLength(2);
    expect(set.links[0]!.open).toBe(false);
    expect(set.client.connection()).toMatchObject({ state: "recovering", reason: "Nothing came for 15 s" });
  });

  it("does not listen to a connection that it has given up", () => {
    const set = clientOnLinks();
    const heard = listen(set);
    set.client.connect();
    set.accept();
    const old = set.link();
    set.client.retry();
    old.handlers.message(update("T", 0, 1));
    old.handlers.closed(4401, "late");
    expect(heard.values()).toEqual([]);
    expect(set.client.connection().state).toBe("recovering");
  });

  it("takes the clock difference out by the shortest echo", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.time.advance(0);
    const [{ t } = { t: 0 }] = set.sent("ping");
    set.time.advance(10);
    // The server's clock is an hour behind this one.
    set.say({ type: "pong", t, timestamp: new Date(START + 5 - 3_600_000).toISOString() });
    expect(set.client.connection().clock).toEqual({ offset_ms: 3_600_000, error_ms: 5 });
    expect(set.client.serverNow()).toBe(START + 10 - 3_600_000);
  });

  it("answers the server's ping, and pings every 10 s, well below the cap of messages", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.say({ type: "ping", timestamp: new Date(START).toISOString() });
    expect(set.sent("pong")).toHaveLength(1);
    for (let second = 0; second < 60; second++) {
      set.time.advance(1_000);
      set.say(update("T", second, second));
    }
    expect(set.sent("ping").length).toBeGreaterThanOrEqual(8);
    expect(set.sent("ping").length).toBeLessThan(15);
  });

  it("stops when denied and says why", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.link().handlers.refused("No such token");
    set.time.advance(120_000);
    expect(set.links).toHaveLength(1);
    expect(set.client.connection()).toMatchObject({ state: "denied", reason: "No such token" });
  });

  it("tells since when the server gets nothing itself, though the connection stays", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    const head = (channel: "sensor_data" | "alerts", stalled?: true) =>
      set.say({
        type: "head",
        channel,
        cursor: "log:0:0",
        timestamp: new Date(set.time.now()).toISOString(),
        ...(stalled && { stalled }),
      });
    head("sensor_data");
    expect(set.client.connection().stalled_since).toBeNull();
    head("sensor_data", true);
    const since = set.time.now();
    set.time.advance(3_000);
    head("alerts", true);
    expect(set.client.connection()).toMatchObject({ state: "live", stalled_since: since });
    head("sensor_data");
    expect(set.client.connection().stalled_since).toBe(since);
    head("alerts");
    expect(set.client.connection().stalled_since).toBeNull();
  });

  it("counts what a resume caught up", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.lose();
    set.time.advance(5_000);
    set.accept({}, { sensor_data: true });
    set.say(update("T", 1_000, 1));
    set.say(update("T", 2_000, 2));
    set.say(update("T", 5_001, 3));
    expect(set.client.connection().caught_up).toBe(2);
  });

  it("changes its subscription while live: leaves, joins, and begins anew for other assets", () => {
    const set = clientOnLinks({ channels: ["sensor_data", "alerts"] });
    set.client.connect();
    set.accept();
    set.say(update("T", 0, 1, { cursor: "log:0:1" }));
    set.client.subscribe({ channels: ["sensor_data"], format: "message" });
    expect(set.sent("unsubscribe")).toEqual([{ type: "unsubscribe", channels: ["alerts"] }]);
    expect(set.sent("subscribe")[1]).toEqual({
      type: "subscribe",
      channels: ["sensor_data"],
      format: "message",
      cursors: { sensor_data: "log:0:1" },
    });
    set.client.subscribe({ channels: ["sensor_data"], assets: ["PUMP-001"] });
    expect(set.sent("subscribe")[2]!.cursors).toBeUndefined();
  });

  it("loses the connection rather than a frame that it cannot read", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.say(update("T", 0, 1, { cursor: "log:0:1" }));
    set.link().handlers.binary(new Uint8Array([255, 255, 255]));
    expect(set.client.connection().state).toBe("backing_off");
    expect(set.client.cursor("sensor_data")).toBe("log:0:1");
  });

  it("tells what the browser notices to the connection, and stops listening when disconnected", () => {
    const set = clientOnLinks();
    set.client.connect();
    set.accept();
    set.browser("offline");
    set.lose();
    expect(set.client.connection().state).toBe("offline");
    set.browser("online");
    expect(set.client.connection().state).toBe("recovering");
    set.client.disconnect();
    set.browser("online");
    expect(set.client.connection().state).toBe("idle");
    expect(set.link().open).toBe(false);
  });
});
