import { describe, expect, it } from "vitest";
import { MOST_ALERTS } from "./alert-state.ts";
import type { RealtimeClientOptions } from "./client.ts";
import { RING_LIMIT } from "./fleet-state.ts";
import { createRealtimeStore } from "./store.ts";
import { keys, type StoreKey } from "./store-keys.ts";
import { alertMessage, clientOnLinks, healthMessage, START, snapshotMessage, update } from "./testing.ts";

/** A store on a live client, with animation frames that the test plays. */
function liveStore(options: RealtimeClientOptions = {}) {
  const set = clientOnLinks(options);
  let next: (() => void) | undefined;
  let asked = 0;
  const store = createRealtimeStore(set.client, {
    clock: set.time,
    timers: set.time,
    frames(callback) {
      asked++;
      next = callback;
      return () => {
        next = undefined;
      };
    },
  });
  store.start();
  set.client.connect();
  set.accept();
  return {
    ...set,
    store,
    frame() {
      const callback = next;
      next = undefined;
      callback?.();
    },
    get framesAsked() {
      return asked;
    },
    heard(key: StoreKey) {
      const calls: unknown[] = [];
      store.subscribe(key, () => calls.push(store.getSnapshot(key)));
      return calls;
    },
  };
}

const TEMP = keys.sensor("PUMP-001", "T");

describe("the store", () => {
  it("tells a burst once a frame, with the newest value, and loses none of it", () => {
    const set = liveStore();
    set.frame();
    const heard = set.heard(TEMP);
    const messages: number[] = [];
    set.store.subscribeMessages((message) => {
      if (message.type === "sensor_update") messages.push(message.data.value);
    });
    const before = set.framesAsked;
    for (let i = 0; i < 1_000; i++) set.say(update("T", i, i));
    expect(heard).toHaveLength(0);
    expect(set.framesAsked - before).toBe(1);
    set.frame();
    expect(heard).toEqual([expect.objectContaining({ value: 999, timestamp: START + 999 })]);
    expect(messages).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(set.store.ring("PUMP-001", "T")!.length).toBe(RING_LIMIT);
  });

  it("tells only those whose key was touched, and keeps the snapshots of the others", () => {
    const set = liveStore();
    set.say(update("T", 0, 1));
    set.say(update("P", 0, 2));
    set.frame();
    const pressure = set.store.getSnapshot(keys.sensor("PUMP-001", "P"));
    const [temperatures, pressures] = [set.heard(TEMP), set.heard(keys.sensor("PUMP-001", "P"))];
    set.say(update("T", 1_000, 3));
    set.frame();
    expect([temperatures.length, pressures.length]).toEqual([1, 0]);
    expect(set.store.getSnapshot(keys.sensor("PUMP-001", "P"))).toBe(pressure);
  });

  it("gives the same snapshot until the frame, whatever has come meanwhile", () => {
    const set = liveStore();
    set.say(update("T", 0, 1));
    set.frame();
    const shown = set.store.getSnapshot(TEMP);
    set.say(update("T", 1_000, 2));
    expect(set.store.getSnapshot(TEMP)).toBe(shown);
    set.frame();
    expect(set.store.getSnapshot(TEMP)?.value).toBe(2);
  });

  it("draws a late reading where it belongs and goes on showing the newest", () => {
    const set = liveStore();
    set.say(update("T", 1_000, 1));
    set.say(update("T", 3_000, 3));
    set.say(update("T", 2_000, 2));
    set.frame();
    expect(set.store.getSnapshot(TEMP)).toMatchObject({ value: 3, timestamp: START + 3_000 });
    expect([...set.store.ring("PUMP-001", "T")!.columns().v]).toEqual([1, 2, 3]);
  });

  it("tells assets four times a second at most, the last state always", () => {
    const set = liveStore();
    const heard = set.heard("assets");
    for (let i = 0; i < 60; i++) {
      set.say(update("T", i, i));
      set.frame();
      set.time.advance(16);
    }
    set.time.advance(300);
    expect(heard.length).toBeGreaterThanOrEqual(4);
    expect(heard.length).toBeLessThanOrEqual(6);
    expect(set.store.getSnapshot("assets")[0]).toMatchObject({
      asset_id: "PUMP-001",
      asset_type: "pump",
      sensors: [{ sensor_id: "T", latest: { value: 59 }, readings: 60 }],
    });
  });

  it("lists the sensors of an asset as people count, whatever came first", () => {
    const set = liveStore();
    set.heard("assets");
    for (const sensor of ["S10", "S2", "S1", "S11"]) set.say(update(sensor, 0, 1));
    set.frame();
    set.time.advance(300);
    const [asset] = set.store.getSnapshot("assets");
    expect(asset?.sensors.map(({ sensor_id }) => sensor_id)).toEqual(["S1", "S2", "S10", "S11"]);
  });

  it("never merges alerts: each event is told, the list holds the present states, counts follow", () => {
    const set = liveStore();
    set.say(update("T", 0, 1));
    const events: string[] = [];
    set.store.subscribeMessages((message) => {
      if (message.type.startsWith("alert"))
        events.push(`${message.type} ${(message.data as { id: string }).id}`);
    });
    set.say(alertMessage(1, "a", "open", "critical"));
    set.say(alertMessage(2, "b"));
    set.say(alertMessage(3, "a", "resolved", "critical"));
    set.frame();
    set.time.advance(300);
    expect(events).toEqual(["alert_triggered a", "alert_triggered b", "alert_updated a"]);
    expect(set.store.getSnapshot("alerts").map(({ id, state }) => [id, state])).toEqual([
      ["a", "resolved"],
      ["b", "open"],
    ]);
    expect(set.store.getSnapshot(keys.asset("PUMP-001"))?.open_alerts).toEqual({
      info: 0,
      warning: 1,
      critical: 0,
    });
    expect(set.store.getSnapshot("counters")).toMatchObject({ alerts: 2, critical_alerts: 1 });
  });

  it("takes alerts of the API in without going back to an older state", () => {
    const set = liveStore();
    set.say(alertMessage(5, "a", "acknowledged"));
    const { event: _e, by: _b, seq: _s, ...older } = alertMessage(1, "a").data;
    const { event: _e2, by: _b2, seq: _s2, ...other } = alertMessage(2, "b").data;
    set.store.mergeAlerts([older, other]);
    set.frame();
    expect(set.store.getSnapshot("alerts").map(({ id, state }) => [id, state])).toEqual([
      ["a", "acknowledged"],
      ["b", "open"],
    ]);
  });

  it("holds a bounded number of alerts and lets the closed ones go first", () => {
    const set = liveStore();
    set.say(alertMessage(1, "open"));
    for (let seq = 2; seq <= MOST_ALERTS + 50; seq++) set.say(alertMessage(seq, `n${seq}`, "resolved"));
    set.frame();
    const list = set.store.getSnapshot("alerts");
    expect(list).toHaveLength(MOST_ALERTS);
    expect(list.some(({ id }) => id === "open")).toBe(true);
  });

  it("shows what was until the snapshot after a reset has come, and nothing of it after that", () => {
    const set = liveStore();
    set.say(update("T", 0, 1, { asset_id: "OLD-1" }));
    set.say(alertMessage(1, "a"));
    set.say(healthMessage("OLD-1", 0, 50));
    set.frame();
    for (const channel of ["sensor_data", "alerts", "health_scores"] as const)
      set.say({ type: "reset", channel, reason: "log_changed" });
    set.frame();
    expect(set.store.getSnapshot("assets")).toHaveLength(1);
    const at = new Date(START).toISOString();
    set.say(
      snapshotMessage({
        assets: [
          {
            asset_id: "PUMP-001",
            asset_type: "pump",
            received_at: at,
            open_alerts: { info: 0, warning: 0, critical: 1 },
            health: {
              asset_id: "PUMP-001",
              score: 80,
              risk_level: "low",
              evidence: [],
              timestamp: at,
              received_at: at,
            },
            sensors: [
              {
                sensor_id: "T",
                sensor_type: "temperature",
                unit: "celsius",
                readings: 9,
                first_at: at,
                latest: { timestamp: at, received_at: at, value: 4, quality: "good" },
              },
            ],
          },
        ],
      }),
    );
    set.frame();
    set.time.advance(300);
    expect(set.store.getSnapshot("assets").map(({ asset_id }) => asset_id)).toEqual(["PUMP-001"]);
    expect(set.store.getSnapshot("alerts")).toEqual([]);
    expect(set.store.getSnapshot(keys.health("PUMP-001"))?.score).toBe(80);
    expect(set.store.getSnapshot(keys.health("OLD-1"))).toBeUndefined();
    expect(set.store.getSnapshot(TEMP)?.value).toBe(4);
    expect(set.store.getSnapshot("connection").ready).toBe(true);
  });

  it("counts readings once, repetitions apart, and measures latency without the clock difference", () => {
    const set = liveStore();
    set.time.advance(0);
    const [{ t } = { t: 0 }] = set.sent("ping");
    // The server's clock is a minute ahead of this one.
    set.say({ type: "pong", t, timestamp: new Date(START + 60_000).toISOString() });
    set.time.advance(40);
    set.say(update("T", 0, 1, { received: 60_020 }));
    set.say(update("T", 0, 1, { received: 60_020 }));
    set.frame();
    set.time.advance(300);
    const counters = set.store.getSnapshot("counters");
    expect(counters).toMatchObject({ readings: 1, duplicates: 1, last_reading_at: START + 40 });
    expect(counters.p50_ms).toBeGreaterThanOrEqual(20);
    expect(counters.p50_ms).toBeLessThan(21);
  });

  it("lets the rate fall although nothing comes any more", () => {
    const set = liveStore();
    set.store.subscribe("counters", () => {});
    for (let i = 0; i < 50; i++) set.say(update("T", i, i));
    set.frame();
    set.time.advance(1_000);
    set.frame();
    expect(set.store.getSnapshot("counters").rate).toBeGreaterThan(0);
    for (let second = 0; second < 12; second++) {
      set.time.advance(1_000);
      set.frame();
    }
    expect(set.store.getSnapshot("counters").rate).toBe(0);
  });

  it("says since when nothing comes", () => {
    const set = liveStore();
    set.time.advance(3_000);
    set.say(update("T", 0, 1));
    set.time.advance(2_000);
    set.lose();
    set.frame();
    expect(set.store.getSnapshot("connection")).toMatchObject({
      live: false,
      state: "backing_off",
      stale_since: START + 3_000,
    });
  });

  it("keeps more of what is watched, and gives it back when nobody does", () => {
    const set = liveStore();
    const stop = set.store.watch("PUMP-001", "T");
    for (let i = 0; i < 2_000; i++) set.say(update("T", i, i));
    expect(set.store.ring("PUMP-001", "T")!.length).toBe(2_000);
    stop();
    expect(set.store.ring("PUMP-001", "T")!.length).toBe(RING_LIMIT);
  });

  it("gives the last message in the published form", () => {
    const set = liveStore();
    expect(set.store.getSnapshot("message")).toBeNull();
    set.say(update("T", 0, 1));
    set.frame();
    expect(set.store.getSnapshot("message")).toEqual(update("T", 0, 1));
    set.say(healthMessage("PUMP-001", 0, 77));
    set.frame();
    expect(set.store.getSnapshot("message")).toMatchObject({ type: "health_update", data: { score: 77 } });
  });

  it("tells nobody who has left", () => {
    const set = liveStore();
    let calls = 0;
    const leave = set.store.subscribe(TEMP, () => calls++);
    leave();
    set.say(update("T", 0, 1));
    set.frame();
    expect(calls).toBe(0);
  });
});
