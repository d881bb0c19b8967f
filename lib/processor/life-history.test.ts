import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../adapters/embedded/store.ts";
import type { Reading } from "../domain/reading.ts";
import type { Store } from "../ports/store.ts";
import { type AssetState, newAsset, newSensor } from "./asset-state.ts";
import { chooseHistory, readLifeHistory, type StoredValue } from "./life-history.ts";
import { reading, TENANT } from "./testing.ts";

const START = Date.UTC(2024, 0, 1);
const SECOND = 1_000;
/** More than were once read of the oldest end: the newest part was left out. */
const SECONDS = 60_000;
const LAST = START + (SECONDS - 1) * SECOND;

let data_dir: string;
let store: Store;
let asset: AssetState<null>;

const sensor = (sensor_id: string, sensor_type: string, unit: string) => (at: number) =>
  reading({ sensor_id, sensor_type, unit, value: at / SECONDS, timestamp: START + at * SECOND });
const SENSORS = [
  sensor("PUMP-001-TEMP", "temperature", "celsius"),
  sensor("PUMP-001-PRES", "pressure", "bar"),
];

beforeAll(async () => {
  data_dir = mkdtempSync(join(tmpdir(), "foresight-life-history-"));
  store = openStore({ data_dir, clock: { now: () => LAST } });
  await store.start();
  const readings: Reading[] = Array.from({ length: SECONDS }, (_, at) =>
    SENSORS.map((one) => ({ ...one(at), ...(at === 55_555 && { quality: "bad" as const }) })),
  ).flat();
  const stored = { tenant_id: TENANT, received_at: LAST, readings };
  await store.processorPosition("log-1");
  await store.commit({
    ...{ partition: 0, from_offset: 0, next_offset: readings.length },
    ...{ readings: [stored], commands: [], health: [], state: [] },
  });
  asset = newAsset(readings[0]!, 0, () => null);
  for (const one of SENSORS)
    asset.sensors.push({ ...newSensor(one(0)), judged_at: LAST, health_unit: one(0).unit });
}, 60_000);

afterAll(async () => {
  await store.stop();
  rmSync(data_dir, { recursive: true });
});

const secondsOf = (from: number, to: number) => Math.floor((to - from) / SECOND) + 1;

describe("[R-8.44] the history that a model's state is rebuilt from", () => {
  it("is the beginning and the newest frames of an asset that is older than any in training", async () => {
    const { stretches } = await chooseHistory(store, TENANT, asset, { step_ms: null, longest: 300 });
    const [head, tail] = stretches;
    expect(secondsOf(head!.from, head!.to)).toBe(20);
    expect(head!.from).toBe(START);
    expect(tail!.to).toBe(LAST);
    expect(secondsOf(tail!.from, tail!.to)).toBeLessThanOrEqual(600);
    expect(secondsOf(tail!.from, tail!.to)).toBeGreaterThan(500);
  });

  it("is all of it where the asset is no older", async () => {
    for (const step_ms of [null, 60_000])
      expect(await chooseHistory(store, TENANT, asset, { step_ms, longest: 60_000, most: 60_000 })).toEqual({
        stretches: [{ from: START, to: LAST }],
      });
  });

  it("spans twice the longest life where steps have a length", async () => {
    const { stretches } = await chooseHistory(store, TENANT, asset, { step_ms: 60_000, longest: 200 });
    expect(stretches).toEqual([
      { from: START, to: START + 20 * 60_000 },
      { from: LAST - 400 * 60_000, to: LAST },
    ]);
  });

  it("ends with the newest reading where it would be more than is read", async () => {
    const { stretches } = await chooseHistory(store, TENANT, asset, { step_ms: 60_000, longest: 5_000 });
    const tail = stretches[1]!;
    expect(tail.to).toBe(LAST);
    expect(secondsOf(tail.from, tail.to)).toBeLessThanOrEqual(50_000);
    expect(secondsOf(tail.from, tail.to)).toBeGreaterThan(45_000);
  });

  it("comes in order of time, all sensors together, without what is bad", async () => {
    const values: StoredValue[] = [];
    const from = START + 50_000 * SECOND;
    for await (const value of readLifeHistory(store, TENANT, asset, { from, to: LAST })) values.push(value);
    expect(values).toHaveLength(2 * (SECONDS - 50_000 - 1));
    expect(values[0]).toEqual({ sensor: 0, value: 50_000 / SECONDS, timestamp: from });
    for (const [i, { sensor, timestamp }] of values.entries()) {
      const before = values[i - 1];
      if (before !== undefined)
        expect(timestamp - before.timestamp || sensor - before.sensor).toBeGreaterThan(0);
      expect(timestamp).not.toBe(START + 55_555 * SECOND);
    }
  });
});
