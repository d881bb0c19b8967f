import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeSamples, tagOf } from "../../domain/chunk.ts";
import { decodeSummary } from "../../domain/pyramid.ts";
import { QUALITIES, type Quality } from "../../domain/quality.ts";
import type { Reading } from "../../domain/reading.ts";
import { decodeHead } from "../../domain/series-head.ts";
import { createChunkReader } from "./chunk-reader.ts";
import { TOP_LEVEL } from "./pyramid-writer.ts";
import { createReadingWriter } from "./reading-writer.ts";
import { openDatabase, type SqliteDatabase } from "./sqlite.ts";
import { migrateStore } from "./store-schema.ts";

/** So small that a few hundred readings make every level and every kind of division. */
const SMALL = { tail: 3, chunk: 4, fan: 3 };
const SENSORS = ["S0", "S1"] as const;

type Sample = { value: number; quality: Quality };
type Model = Map<string, Map<number, Sample>>;

let folder: string;
let db: SqliteDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foresight-readings-"));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
function fresh(): SqliteDatabase {
  if (files > 0) db?.close();
  db = openDatabase(join(folder, `store-${files++}.db`));
  db.exec("PRAGMA synchronous = OFF");
  migrateStore(db);
  return db;
}

const point = fc.record({
  sensor: fc.constantFrom(...SENSORS),
  at: fc.integer({ min: 0, max: 600 }),
  value: fc.integer({ min: -50, max: 50 }),
  quality: fc.constantFrom(...QUALITIES),
});
/** Runs in order, as sensors report, and heaps of anything late, early and twice. */
const run = fc
  .record({
    sensor: fc.constantFrom(...SENSORS),
    from: fc.integer({ min: 0, max: 500 }),
    length: fc.integer({ min: 1, max: 120 }),
  })
  .map(({ sensor, from, length }) =>
    Array.from({ length }, (_, i) => ({
      sensor,
      at: from + i,
      value: (from * i) % 31,
      quality: "good" as const,
    })),
  );
const batches = fc.array(fc.oneof(run, fc.array(point, { maxLength: 60 })), { minLength: 1, maxLength: 12 });

const toReading = ({ sensor, at, value, quality }: { sensor: string; at: number } & Sample): Reading => ({
  asset_id: "A",
  sensor_id: sensor,
  sensor_type: "temperature",
  unit: "celsius",
  value,
  quality,
  timestamp: at,
});

/** Chunks do not overlap, the tail comes after them, and each node says what lies under it. */
function checkStructure(sensor: string, samples: Map<number, Sample>): void {
  const row = db
    .prepare<{ id: number; data: Uint8Array }>(
      "SELECT id, data FROM series JOIN head ON series_id = id WHERE sensor_id = ?",
    )
    .get(sensor)!;
  const head = decodeHead(row.data);
  const chunks = db
    .prepare<{ first: number; last: number; data: Uint8Array }>(
      "SELECT first, last, data FROM chunk WHERE series_id = ? ORDER BY first",
    )
    .all(row.id);
  const stored: number[] = [];
  for (const { first, last, data } of chunks) {
    const { times } = decodeSamples(data);
    expect([times[0], times.at(-1)]).toEqual([first, last]);
    expect(times.length).toBeLessThanOrEqual(2 * SMALL.chunk);
    stored.push(...times);
  }
  expect(head.sealed_last).toBe(stored.at(-1) ?? Number.NEGATIVE_INFINITY);
  expect(head.open_count).toBe(chunks.length === 0 ? 0 : decodeSamples(chunks.at(-1)!.data).times.length);
  stored.push(...head.tail.times);
  expect(stored).toEqual([...samples.keys()].sort((a, b) => a - b));

  for (let level = 0; level <= TOP_LEVEL; level++) {
    const nodes = db
      .prepare<{ first: number; last: number; summary: Uint8Array }>(
        "SELECT first, last, summary FROM node WHERE series_id = ? AND level = ? ORDER BY first",
      )
      .all(row.id, level);
    if (level === 0) expect(nodes.map(({ first }) => first)).toEqual(chunks.map(({ first }) => first));
    for (const [i, { first, last, summary }] of nodes.entries()) {
      if (i > 0) expect(first).toBeGreaterThan(nodes[i - 1]!.last);
      const under = [...samples].filter(([at]) => at >= first && at <= last).map(([, sample]) => sample);
      const { mean, ...rest } = decodeSummary(first, last, summary);
      expect(rest).toEqual({
        first,
        last,
        count: under.length,
        min: Math.min(...under.map(({ value }) => value)),
        max: Math.max(...under.map(({ value }) => value)),
        quality: Math.max(...under.map(({ quality }) => tagOf(quality))),
      });
      expect(mean).toBeCloseTo(under.reduce((sum, { value }) => sum + value, 0) / under.length, 9);
    }
    // Between the first node and the last no reading is left without one.
    const covered = nodes.reduce(
      (sum, { first, last, summary }) => sum + decodeSummary(first, last, summary).count,
      0,
    );
    const within = [...samples.keys()].filter((at) => nodes.length > 0 && at <= nodes.at(-1)!.last);
    expect(covered).toBe(within.length);
  }
}

describe("readings in chunks", () => {
  it("are the set of what came, whatever the order, the doubles and the batches; the first value wins", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), async (given, forgetful) => {
        const writer = createReadingWriter(fresh(), SMALL);
        const model: Model = new Map();
        for (const batch of given) {
          let fresh_ones = 0;
          for (const { sensor, at, value, quality } of batch) {
            const samples = model.get(sensor) ?? new Map<number, Sample>();
            model.set(sensor, samples);
            if (samples.has(at)) continue;
            samples.set(at, { value, quality });
            fresh_ones++;
          }
          const readings = batch.map(toReading);
          const result = db.transaction(() => writer.store([{ tenant_id: "t", received_at: 1, readings }]));
          expect(result).toMatchObject({ stored: fresh_ones, duplicates: batch.length - fresh_ones });
          if (forgetful) writer.forget();
        }
        const reader = createChunkReader(db);
        for (const [sensor, samples] of model) {
          checkStructure(sensor, samples);
          const sorted = [...samples].sort(([a], [b]) => a - b);
          const history = await reader.history("t", { asset_id: "A", sensor_id: sensor });
          expect(history.map(({ timestamp, value, quality }) => [timestamp, { value, quality }])).toEqual(
            sorted,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are summed up for any range and number of points as if each were looked at", async () => {
    const range = fc.tuple(fc.integer({ min: -20, max: 650 }), fc.integer({ min: -20, max: 650 }));
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.record({ range, max_points: fc.integer({ min: 1, max: 80 }) }), {
          minLength: 5,
          maxLength: 5,
        }),
        async (given, queries) => {
          const writer = createReadingWriter(fresh(), SMALL);
          const samples = new Map<number, number>();
          for (const batch of given) {
            for (const { sensor, at, value } of batch)
              if (sensor === "S0" && !samples.has(at)) samples.set(at, value);
            const readings = batch.map(toReading);
            db.transaction(() => writer.store([{ tenant_id: "t", received_at: 1, readings }]));
          }
          const reader = createChunkReader(db);
          for (const {
            range: [from, to],
            max_points,
          } of queries) {
            const query = { asset_id: "A", sensor_id: "S0", from, to, max_points };
            const points = await reader.history("t", query);
            const expected = [...samples].filter(([at]) => at >= from && at <= to);
            expect(points.length).toBeLessThanOrEqual(max_points);
            if (expected.length <= max_points) expect(points).toHaveLength(expected.length);
            expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length);
            for (const { timestamp, until, count, min, max, value } of points) {
              const part = expected.filter(([at]) => at >= timestamp && at <= until).map(([, v]) => v);
              expect({ count, min, max }).toEqual({
                count: part.length,
                min: Math.min(...part),
                max: Math.max(...part),
              });
              expect(value).toBeCloseTo(part.reduce((sum, v) => sum + v, 0) / part.length, 9);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of thousands of sensors, one each a batch, are all kept", async () => {
    const writer = createReadingWriter(fresh());
    const sensors = 2_000;
    for (let at = 0; at < 120; at++) {
      const readings = Array.from({ length: sensors }, (_, i) =>
        toReading({ sensor: `S${i}`, at, value: i + at / 100, quality: "good" }),
      );
      const { stored } = db.transaction(() => writer.store([{ tenant_id: "t", received_at: 1, readings }]));
      expect(stored).toBe(sensors);
    }
    const reader = createChunkReader(db);
    for (const i of [0, 31, 1_999]) {
      const history = await reader.history("t", { asset_id: "A", sensor_id: `S${i}` });
      expect(history.map(({ value }) => value)).toEqual(Array.from({ length: 120 }, (_, at) => i + at / 100));
    }
  });
});
