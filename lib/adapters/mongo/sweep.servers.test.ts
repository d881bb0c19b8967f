import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Reading } from "../../domain/reading.ts";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import { createReadingReader } from "./reading-reader.ts";
import { createReadingWriter } from "./reading-writer.ts";
import { sweep } from "./sweep.ts";

const { MONGODB_URI } = inject("services");
const forGood = async () => undefined;
const SENSOR = { asset_id: "A", sensor_id: "S" };
const READINGS = 400;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(MONGODB_URI);
  await database.open();
});
afterAll(() => database.dispose());

it("what no series names is removed once it is an hour old, and no reading with it", async () => {
  const { collections, clock } = database;
  const { series, chunks, nodes } = collections;
  const sizes = { tail: 3, chunk: 4, fan: 2 };
  const writer = createReadingWriter(collections, { clock, retentionOf: forGood, sizes });
  const readings = Array.from(
    { length: READINGS },
    (_, i): Reading => ({
      ...SENSOR,
      sensor_type: "temperature",
      unit: "celsius",
      value: i,
      quality: "good",
      timestamp: i * 1_000,
    }),
  );
  for (let at = 0; at < READINGS; at += 10)
    await writer.store([{ tenant_id: "t", received_at: 1, readings: readings.slice(at, at + 10) }]);
  const { _id: series_id } = (await series.findOne({ tenant_id: "t" }))!;
  const kept = [await chunks.countDocuments(), await nodes.countDocuments()];
  expect(Math.min(...kept)).toBeGreaterThan(10);

  const now = Date.now() + 2 * 3_600_000;
  const strayId = (age_ms: number) => ObjectId.createFromTime(Math.floor((now - age_ms) / 1_000));
  const data = new Uint8Array([1]);
  const gone = new ObjectId();
  await chunks.insertMany([
    { _id: strayId(7_200_000), series_id, data },
    { _id: strayId(7_300_000), series_id: gone, data },
    // Its writer may be about to name it.
    { _id: strayId(60_000), series_id, data },
  ]);
  await nodes.insertOne({ _id: strayId(7_200_000), series_id, levels: [data] });

  expect(await sweep(collections, { now, dry: true })).toEqual({ chunks: 2, nodes: 1 });
  expect(await chunks.countDocuments()).toBe(kept[0]! + 3);
  expect(await sweep(collections, { now })).toEqual({ chunks: 2, nodes: 1 });
  expect(await sweep(collections, { now })).toEqual({ chunks: 0, nodes: 0 });
  expect([await chunks.countDocuments(), await nodes.countDocuments()]).toEqual([kept[0]! + 1, kept[1]]);
  const reader = createReadingReader(collections, { clock, retentionOf: forGood });
  const page = await reader.page("t", { ...SENSOR, limit: 1_000 });
  expect(page.map(({ value }) => value)).toEqual(readings.map(({ value }) => value));
});
