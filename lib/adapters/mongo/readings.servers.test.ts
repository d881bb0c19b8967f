import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { QUALITIES, type Quality } from "../../domain/quality.ts";
import type { Reading } from "../../domain/reading.ts";
import { fakeClock } from "../../testing/fake-system.ts";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import { createBlobReader } from "./blobs.ts";
import type { Entry } from "./entries.ts";
import { createReadingReader } from "./reading-reader.ts";
import { createReadingWriter } from "./reading-writer.ts";
import { stateOf } from "./series-docs.ts";
import { inTime } from "./series-tree.ts";

/** So small that a few hundred readings make every level and every kind of division. */
const SMALL = { tail: 3, chunk: 4, fan: 2 };
const { MONGODB_URI } = inject("services");

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(MONGODB_URI);
  await database.open();
});
afterAll(() => database.dispose());

const forGood = async () => undefined;
const writerOn = (
  { collections, clock }: TestDatabase,
  retentionOf: () => Promise<number | undefined> = forGood,
) => createReadingWriter(collections, { clock, retentionOf, sizes: SMALL });
const readerOn = (
  { collections, clock }: TestDatabase,
  retentionOf: () => Promise<number | undefined> = forGood,
) => createReadingReader(collections, { clock, retentionOf });

type Point = { at: number; value: number; quality: Quality };
const point = fc.record({
  at: fc.integer({ min: 0, max: 600 }),
  value: fc.integer({ min: -50, max: 50 }),
  quality: fc.constantFrom(...QUALITIES),
});
/** Runs in order, as sensors report, and heaps of anything late, early and twice. */
const run = fc
  .record({ from: fc.integer({ min: 0, max: 500 }), length: fc.integer({ min: 1, max: 120 }) })
  .map(({ from, length }) =>
    Array.from({ length }, (_, i): Point => ({ at: from + i, value: (from * i) % 31, quality: "good" })),
  );
const batches = fc.array(fc.oneof(run, fc.array(point, { maxLength: 60 })), { minLength: 1, maxLength: 10 });
const range = fc.tuple(fc.integer({ min: -20, max: 650 }), fc.integer({ min: -20, max: 650 }));
const queries = fc.array(fc.record({ range, max_points: fc.integer({ min: 1, max: 80 }) }), {
  minLength: 4,
  maxLength: 4,
});

const SENSOR = { asset_id: "A", sensor_id: "S" };
const toReading = ({ at, value, quality }: Point): Reading => ({
  ...SENSOR,
  sensor_type: "temperature",
  unit: "celsius",
  value,
  quality,
  timestamp: at,
});

let tenants = 0;
const freshTenant = () => `tenant-${tenants++}`;

/** Chunks and nodes are in order and hold what their entries say; nothing lies in the database that nothing names. */
async function checkStructure(tenant_id: string, samples: Map<number, Point>): Promise<void> {
  const { collections } = database;
  const blobs = createBlobReader(collections);
  const doc = (await collections.series.findOne({ tenant_id, ...SENSOR }))!;
  const { head, open, root } = stateOf(doc);
  const named = { chunks: 0, nodes: 0 };
  const stored: number[] = [];
  const walk = async (entry: Entry, level: number): Promise<void> => {
    const { first, last, count, min, max } = entry.summary;
    const under = [...samples.values()].filter(({ at }) => at >= first && at <= last);
    expect([count, min, max]).toEqual([
      under.length,
      Math.min(...under.map(({ value }) => value)),
      Math.max(...under.map(({ value }) => value)),
    ]);
    if (level === 0) {
      named.chunks++;
      const { times } = await blobs.chunk(entry.id);
      expect([times[0], times.at(-1)]).toEqual([first, last]);
      expect(times.length).toBeLessThanOrEqual(2 * SMALL.chunk);
      stored.push(...times);
      return;
    }
    named.nodes++;
    const [children] = await blobs.node(entry.id);
    expect(children!.length).toBeLessThanOrEqual(2 * SMALL.fan);
    for (const child of children!) await walk(child, level - 1);
  };
  if (root !== undefined) {
    named.nodes++;
    const levels = await blobs.node(root);
    for (const list of levels) expect(list.length).toBeLessThan(2 * SMALL.fan);
    for (const { entry, level } of inTime(levels)) await walk(entry, level);
  }
  if (open !== undefined) await walk(open, 0);
  expect(head.sealed_last).toBe(stored.at(-1) ?? Number.NEGATIVE_INFINITY);
  stored.push(...head.tail.times);
  expect(stored).toEqual([...samples.keys()].sort((a, b) => a - b));
  expect(head.count).toBe(samples.size);
  const series_id = doc._id;
  expect(await collections.chunks.countDocuments({ series_id })).toBe(named.chunks);
  expect(await collections.nodes.countDocuments({ series_id })).toBe(named.nodes);
}

describe("readings in MongoDB", () => {
  it("are the set of what came, whatever the order, the doubles and the batches, and summed up as such", async () => {
    await fc.assert(
      fc.asyncProperty(batches, queries, async (given, asked) => {
        const tenant_id = freshTenant();
        const writers = [writerOn(database), writerOn(database)];
        const samples = new Map<number, Point>();
        for (const [i, batch] of given.entries()) {
          let fresh = 0;
          for (const one of batch) {
            if (samples.has(one.at)) continue;
            samples.set(one.at, one);
            fresh++;
          }
          // Two that write in turn: each finds its memory outdated by the other.
          const batches = [{ tenant_id, received_at: 1, readings: batch.map(toReading) }];
          const result = await writers[i % 2]!.store(batches);
          expect(result).toMatchObject({ stored: fresh, duplicates: batch.length - fresh });
        }
        if (samples.size === 0) return;
        await checkStructure(tenant_id, samples);
        const reader = readerOn(database);
        const sorted = [...samples.values()].sort((a, b) => a.at - b.at);
        const history = await reader.history(tenant_id, SENSOR);
        expect(history.map(({ timestamp: at, value, quality }) => ({ at, value, quality }))).toEqual(sorted);
        for (const {
          range: [from, to],
          max_points,
        } of asked) {
          const points = await reader.history(tenant_id, { ...SENSOR, from, to, max_points });
          const expected = sorted.filter(({ at }) => at >= from && at <= to);
          expect(points.length).toBeLessThanOrEqual(max_points);
          if (expected.length <= max_points) expect(points).toHaveLength(expected.length);
          expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length);
          for (const { timestamp, until, min, max } of points) {
            const part = expected
              .filter(({ at }) => at >= timestamp && at <= until)
              .map(({ value }) => value);
            expect([min, max]).toEqual([Math.min(...part), Math.max(...part)]);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it("written by several at the same moment are all there, each once", async () => {
    const tenant_id = freshTenant();
    const all = Array.from({ length: 400 }, (_, at): Point => ({ at, value: at, quality: "good" }));
    const results = await Promise.all(
      [0, 1, 2, 3].map(async (part) => {
        const writer = writerOn(database);
        let stored = 0;
        // Every reading comes to two of them.
        const own = all.filter(({ at }) => at % 4 === part || at % 4 === (part + 1) % 4);
        for (let i = 0; i < own.length; i += 20) {
          const readings = own.slice(i, i + 20).map(toReading);
          stored += (await writer.store([{ tenant_id, received_at: 1, readings }])).stored;
        }
        return stored;
      }),
    );
    expect(results.reduce((sum, stored) => sum + stored, 0)).toBe(400);
    await checkStructure(tenant_id, new Map(all.map((one) => [one.at, one])));
  });

  it("can be read while they are written: each answer is one version of the series", async () => {
    const tenant_id = freshTenant();
    const writer = writerOn(database);
    const reader = readerOn(database);
    let writing = true;
    const write = async () => {
      for (let at = 0; at < 300; at += 10) {
        const readings = Array.from({ length: 10 }, (_, i) =>
          toReading({ at: at + i, value: 1, quality: "good" }),
        );
        await writer.store([{ tenant_id, received_at: 1, readings }]);
      }
      writing = false;
    };
    const read = async () => {
      let before = 0;
      while (writing) {
        const { length } = await reader.history(tenant_id, SENSOR);
        expect(length % 10).toBe(0);
        expect(length).toBeGreaterThanOrEqual(before);
        before = length;
      }
    };
    await Promise.all([write(), read()]);
    expect(await reader.history(tenant_id, SENSOR)).toHaveLength(300);
  });

  it("carry the end of their tenant's retention, and what has passed it is neither shown nor missed", async () => {
    const tenant_id = freshTenant();
    const clock = fakeClock(0);
    const retentionOf = async () => 1_000;
    const dated = { ...database, clock };
    const writer = writerOn(dated, retentionOf);
    const readings = Array.from({ length: 300 }, (_, i) =>
      toReading({ at: i * 10, value: i, quality: "good" }),
    );
    await writer.store([{ tenant_id, received_at: 1, readings: readings.slice(0, 150) }]);
    const { collections } = database;
    const { _id: series_id } = (await collections.series.findOne({ tenant_id, ...SENSOR }))!;
    const chunks = await collections.chunks.find({ series_id }).toArray();
    for (const { expires_at } of chunks) expect(expires_at).toBeInstanceOf(Date);
    // What MongoDB's own expiry does, which a compatible server may not.
    const expire = async (now: number) => {
      clock.set(now);
      for (const collection of [collections.chunks, collections.nodes] as const)
        await (collection as typeof collections.chunks).deleteMany({
          series_id,
          expires_at: { $lt: new Date(now) },
        });
    };
    await expire(2_000);
    const reader = readerOn(dated, retentionOf);
    const times = async () => (await reader.history(tenant_id, SENSOR)).map(({ timestamp }) => timestamp);
    expect((await times())[0]).toBe(1_000);
    await writer.store([{ tenant_id, received_at: 1, readings: readings.slice(150) }]);
    // One that comes late into what has expired harms nothing.
    await writer.store([
      { tenant_id, received_at: 1, readings: [toReading({ at: 5, value: 1, quality: "good" })] },
    ]);
    await expire(3_500);
    expect((await times())[0]).toBe(2_500);
    expect((await times()).at(-1)).toBe(2_990);
    const points = await reader.history(tenant_id, { ...SENSOR, max_points: 3 });
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(50);
  });
});
