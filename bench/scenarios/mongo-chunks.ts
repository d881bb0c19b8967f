import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { createMongoStore } from "../../lib/adapters/mongo/store.ts";
import type { Reading } from "../../lib/domain/reading.ts";
import { databaseUri, startMongo } from "../../lib/testing/services/mongo-server.ts";
import { type Line, number } from "../support/report.ts";

const SENSORS = 50;
const COMMIT = 20_000;
const READINGS = 120_000;
/** The first commit of each is not counted: engine and server compile what they run often. */
const COUNTED = READINGS - COMMIT;
const START = Date.UTC(2024, 0, 1);
const LOG = "bench";

/** Commits of what all sensors reported at 1 Hz since the one before. */
function* commits(): Generator<Reading[]> {
  for (let from = 0; from < READINGS; from += COMMIT)
    yield Array.from({ length: COMMIT }, (_, i): Reading => {
      const at = Math.floor((from + i) / SENSORS);
      return {
        asset_id: "PUMP-001",
        sensor_id: `S-${i % SENSORS}`,
        sensor_type: "signal",
        value: Math.round((60 + 9 * Math.sin(at / 500) + (at % 17) / 10) * 100) / 100,
        unit: "celsius",
        quality: "good",
        timestamp: START + at * 1_000,
      };
    });
}

/** Readings stored in chunks, beside a document for each under a unique index of its identity. */
export async function mongoChunks(): Promise<Line[]> {
  const given = process.env.MONGODB_URI;
  const server = given === undefined ? await startMongo() : undefined;
  const uri = databaseUri(given ?? server!.uri, `bench_${randomUUID().slice(0, 8)}`);
  const client = new MongoClient(uri, { writeConcern: { w: "majority" } });
  const store = createMongoStore({ uri, clock: { now: Date.now } });
  try {
    const rows = client.db().collection("rows");
    await rows.createIndex({ tenant_id: 1, asset_id: 1, sensor_id: 1, timestamp: 1 }, { unique: true });
    let started = 0;
    for (const [turn, readings] of [...commits()].entries()) {
      if (turn === 1) started = performance.now();
      await rows.insertMany(
        readings.map((reading) => ({ tenant_id: "bench", received_at: START, ...reading })),
        { ordered: false },
      );
    }
    const theirs = COUNTED / ((performance.now() - started) / 1_000);

    await store.start();
    await store.processorPosition(LOG);
    let next_offset = 0;
    for (const [turn, readings] of [...commits()].entries()) {
      if (turn === 1) started = performance.now();
      const from_offset = next_offset;
      next_offset += readings.length;
      await store.commit({
        partition: 0,
        from_offset,
        next_offset,
        readings: [{ tenant_id: "bench", received_at: START, readings }],
        commands: [],
        health: [],
        state: [],
      });
    }
    const ours = COUNTED / ((performance.now() - started) / 1_000);
    const { readings } = await store.stats("bench");
    if (readings !== READINGS) throw new Error(`${readings} readings are stored, not ${READINGS}`);
    const ratio = ours / theirs;
    return [
      {
        what: "MongoDB: readings stored a second",
        ours: `${number(ours)}/s`,
        theirs: `${number(theirs)}/s`,
        ratio: `${ratio.toFixed(1)} ×`,
        target: "≥ 8 ×",
        met: ratio >= 8,
        conditions: `${number(COUNTED)} readings of ${SENSORS} sensors, ${number(COMMIT)} a commit (the first of each not counted), in chunks with their pyramid and the position; instead one document a reading under a unique index, inserted by as many at once; on ${server === undefined ? "the MongoDB of MONGODB_URI" : "a MongoDB-compatible server in memory, so only the ratio says something"}`,
      },
    ];
  } finally {
    await store.stop();
    await client.db().dropDatabase();
    await client.close();
    await server?.stop();
  }
}
