import { beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../domain/reading.ts";
import { CLOSE } from "../protocol/messages.ts";
import { fakeMetrics } from "../testing/fake-system.ts";
import { alertKind, sensorKind } from "./channel-kinds.ts";
import type { Connection, Frames, Payload } from "./connection.ts";
import { REALTIME_LIMITS } from "./limits.ts";
import { type Addressee, Outbox } from "./outbox.ts";
import type { Run } from "./runs.ts";

const limits = {
  ...REALTIME_LIMITS,
  lag_bytes: 1_000,
  caught_up_bytes: 100,
  held_alerts: 3,
  held_series: 5,
  lag_ms: 500,
};
const frames: Frames = { kind: "packets", packets: ["live"], size: 4 };

let unsent: number;
let written: string[];
let closed: number | undefined;
let delivered: string[];
let lags: number;
let outbox: Outbox;
const connection = {
  wire: {
    id: "test",
    frame: (payloads: readonly Payload[]): Frames => ({
      kind: "packets",
      packets: payloads.flatMap((payload) => ("jsons" in payload ? payload.jsons : [])),
      size: 1,
    }),
  },
  write: (given: Frames) => {
    if (given.kind === "packets") written.push(...given.packets.map(String));
  },
  buffered: () => unsent,
  close: (code: number) => {
    closed = code;
  },
} as unknown as Connection;

beforeEach(() => {
  unsent = 0;
  written = [];
  delivered = [];
  closed = undefined;
  lags = 0;
  outbox = new Outbox(connection, { limits, metrics: fakeMetrics(), lags: () => void lags++ });
});

const readings: Addressee<Reading> = {
  kind: sensorKind("acme"),
  encode: (runs, cursor, now) => sensorKind("acme").encode(runs, "message", cursor, now),
  delivered: (cursor) => delivered.push(cursor),
};
const one = (sensor_id: string, value: number): Run<Reading>[] => [
  {
    partition: 0,
    first_offset: 0,
    received_at: 0,
    values: [{ asset_id: "A", sensor_id, sensor_type: "t", unit: "", value, quality: "good", timestamp: 0 }],
  },
];
const give = (sensor: string, value: number, now = 0) =>
  outbox.deliver(readings, frames, () => one(sensor, value), `l:0:${value}`, now);

describe("The outbox of a socket", () => {
  it("writes at once while the socket keeps up", () => {
    give("a", 1);
    expect(written).toEqual(["live"]);
    expect(delivered).toEqual(["l:0:1"]);
    expect(lags).toBe(0);
  });

  it("[R-4.1] holds back the latest of each sensor, and gives it out with what was dropped once it has drained", () => {
    unsent = 2_000;
    for (const [i, sensor] of ["a", "b", "a", "a", "c"].entries()) give(sensor, i);
    expect(written).toEqual([]);
    unsent = 500;
    expect(outbox.poll(100)).toBe(true);
    unsent = 50;
    expect(outbox.poll(120)).toBe(false);
    const messages = written.map((json) => JSON.parse(json));
    expect(messages[0]).toEqual({ type: "conflated", channel: "sensor_data", dropped: 2 });
    expect(messages.slice(1).map(({ data }) => [data.sensor_id, data.value])).toEqual([
      ["b", 1],
      ["a", 3],
      ["c", 4],
    ]);
    expect(messages.at(-1).cursor).toBe("l:0:4");
    expect(delivered).toEqual(["l:0:4"]);
    give("a", 9);
    expect(written.at(-1)).toBe("live");
  });

  it("[R-4.2] gives up when the socket lags for too long, or too many alerts or sensors wait", () => {
    unsent = 2_000;
    give("a", 1);
    expect(outbox.poll(500)).toBe(true);
    expect(outbox.poll(501)).toBe(false);
    expect(closed).toBe(CLOSE.SLOW_CONSUMER);

    closed = undefined;
    for (let i = 0; i < 6; i++) give(`s${i}`, i);
    expect(closed).toBe(CLOSE.SLOW_CONSUMER);

    closed = undefined;
    const alerts: Addressee<never> = {
      kind: alertKind as never,
      encode: () => [],
      delivered: () => undefined,
    };
    const events = { partition: 0, first_offset: 0, received_at: 0, values: [{}, {}, {}, {}] as never[] };
    outbox.deliver(alerts, frames, () => [events], "a:0:4", 0);
    expect(closed).toBe(CLOSE.SLOW_CONSUMER);
  });
});
