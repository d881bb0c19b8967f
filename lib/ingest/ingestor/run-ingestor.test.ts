import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reading, readingSchema } from "../../domain/reading.ts";
import { fixedClock } from "../testing.ts";
import type { IngestClient, SentBatch } from "./ingest-client.ts";
import { readProgress } from "./progress-file.ts";
import type { Reject } from "./rejects-file.ts";
import { type IngestorCounts, type IngestorOptions, runIngestor } from "./run-ingestor.ts";

const START = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2026, 0, 1);
const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit";

/** Three sensors a second; every reading's value is its row's number. Some rows are bad. */
const plant = (steps: number) => {
  const rows: string[] = [];
  for (let step = 0; step < steps; step++)
    for (const sensor of ["TEMP", "VIB", "PRES"])
      rows.push(
        step % 7 === 3 && sensor === "VIB"
          ? "bad row"
          : `${new Date(START + step * 1_000).toISOString()},P,P-${sensor},${sensor},${rows.length},u`,
      );
  return {
    text: `${HEADER}\n${rows.join("\n")}\n`,
    good: rows.flatMap((row, n) => (row === "bad row" ? [] : [n])),
  };
};

/** Keeps what arrives, once a key, and fails or is killed as told. */
function model() {
  const known = new Set<string>();
  const arrived: Reading[] = [];
  const batches: number[] = [];
  let fate: () => "ok" | "killed before" | "killed after" = () => "ok";
  let tooLarge = Number.POSITIVE_INFINITY;
  const client: IngestClient = {
    async send(ndjson, rows, key): Promise<SentBatch> {
      const what = fate();
      if (what === "killed before") throw new Error("killed");
      if (rows > tooLarge) {
        const { ForesightError } = await import("../../domain/errors.ts");
        throw new ForesightError("too_large", "too large");
      }
      const duplicate = known.has(key);
      if (!duplicate) {
        known.add(key);
        batches.push(rows);
        for (const line of ndjson.split("\n")) arrived.push(readingSchema.parse(JSON.parse(line)));
      }
      if (what === "killed after") throw new Error("killed");
      return {
        accepted: duplicate ? 0 : rows,
        duplicates: duplicate ? rows : 0,
        rejected: 0,
        errors: [],
        attempts: 1,
      };
    },
  };
  return {
    client,
    arrived,
    batches,
    values: () => arrived.map((reading) => reading.value),
    setFate(next: typeof fate) {
      fate = next;
    },
    setTooLarge(rows: number) {
      tooLarge = rows;
    },
  };
}

describe("streaming a file", () => {
  let directory: string;
  let serial = 0;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ingestor-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const fileOf = async (text: string) => {
    const path = join(directory, `f${++serial}.csv`);
    await writeFile(path, text);
    return path;
  };
  const clock = fixedClock(NOW);
  const run = async (
    options: Partial<IngestorOptions> & { file: string },
    client: IngestClient,
    over: { signal?: AbortSignal; rejects?: Reject[]; notices?: string[]; pauses?: number[] } = {},
  ): Promise<IngestorCounts> =>
    runIngestor(
      { now: false, batch_rows: 10, ...options },
      {
        client,
        clock,
        signal: over.signal ?? new AbortController().signal,
        rejects: {
          async add(some) {
            over.rejects?.push(...some);
          },
          async close() {},
        },
        async pause(ms) {
          over.pauses?.push(ms);
          clock.set(clock.now() + ms);
        },
        onCounts() {},
        onNotice: (sentence) => over.notices?.push(sentence),
      },
    );

  it("sends every good row in the file's order and tells the bad ones with line and text", async () => {
    const { text, good } = plant(20);
    const server = model();
    const rejects: Reject[] = [];
    const counts = await run({ file: await fileOf(text) }, server.client, { rejects });
    expect(server.values()).toEqual(good);
    expect(counts).toMatchObject({ rows: 60, accepted: 57, duplicates: 0, rejected: 3, line: 61 });
    expect(rejects.map(({ line, text: row }) => [line, row])).toEqual([
      [12, "bad row"],
      [33, "bad row"],
      [54, "bad row"],
    ]);
  });

  it("[bad input 50] the same file again is all duplicates", async () => {
    const { text, good } = plant(20);
    const file = await fileOf(text);
    const server = model();
    await run({ file }, server.client);
    expect(await run({ file }, server.client)).toMatchObject({ accepted: 0, duplicates: good.length });
    const realtime = { speed: 10, max_gap_ms: 1_000 };
    await run({ file, realtime }, server.client);
    expect(await run({ file, realtime }, server.client)).toMatchObject({ accepted: 0 });
  });

  it("in real time a batch holds at most 100 ms of readings and is sent when it is due", async () => {
    const { text, good } = plant(20);
    const server = model();
    const pauses: number[] = [];
    const realtime = { speed: 20, max_gap_ms: 1_000 };
    await run({ file: await fileOf(text), realtime }, server.client, { pauses });
    expect(server.values()).toEqual(good);
    expect(server.batches).toHaveLength(10);
    expect(pauses).toEqual(Array(9).fill(100));
  });

  it("says that a file is not in order of time", async () => {
    const lines = [0, 3_600, 10, 20].map(
      (second) => `${new Date(START + second * 1_000).toISOString()},P,S${second},t,1,u`,
    );
    const notices: string[] = [];
    const realtime = { speed: 1, max_gap_ms: 1_000 };
    const file = await fileOf(`${HEADER},cycle\n${lines.map((line) => `${line},1`).join("\n")}`);
    await run({ file, realtime }, model().client, { notices });
    expect(notices).toEqual(["Columns read over: cycle.", expect.stringContaining("not in order of time")]);
  });

  it("sends a batch in parts where the server takes no more at once", async () => {
    const { text, good } = plant(20);
    const server = model();
    server.setTooLarge(3);
    await run({ file: await fileOf(text) }, server.client);
    expect(server.values()).toEqual(good);
    expect(Math.max(...server.batches)).toBeLessThanOrEqual(3);
  });

  it("--now gives each time step a moment of its own and never runs ahead of the clock", async () => {
    const { text } = plant(3_000);
    const server = model();
    await run({ file: await fileOf(text), now: true, batch_rows: 5_000 }, server.client);
    const steps = new Set(server.arrived.map((reading) => reading.timestamp));
    expect(steps.size).toBe(3_000);
    expect(Math.max(...steps)).toBeLessThanOrEqual(clock.now() + 500);
  });

  it("tells a file that changed from one that grew", async () => {
    const { text } = plant(4);
    const file = await fileOf(text);
    const server = model();
    await run({ file }, server.client);
    const before = server.arrived.length;
    await writeFile(file, `${text}${new Date(START + 9_000).toISOString()},P,P-TEMP,TEMP,99,u\n`);
    const resume = await readProgress(file);
    expect(resume).toMatchObject({ done: true, line: 13 });
    await run({ file, resume }, server.client);
    expect(server.arrived.slice(before).map((reading) => reading.value)).toEqual([99]);
    await writeFile(file, text.replace("P-TEMP", "Q-TEMP").repeat(3));
    await expect(readProgress(file)).rejects.toMatchObject({
      code: "invalid_request",
      message: /has changed/,
    });
  });

  const fates = fc.array(fc.constantFrom("ok", "ok", "ok", "killed before", "killed after"), {
    maxLength: 30,
  });
  const scenario = fc.record({
    fates,
    steps: fc.integer({ min: 1, max: 60 }),
    batch_rows: fc.integer({ min: 1, max: 25 }),
    speed: fc.option(fc.constantFrom(1, 10, 100), { nil: undefined }),
  });
  const untilDone = async (
    { fates: planned, steps, batch_rows, speed }: typeof scenario extends fc.Arbitrary<infer T> ? T : never,
    now: boolean,
  ) => {
    const { text, good } = plant(steps);
    const file = await fileOf(text);
    const server = model();
    const queue = [...planned];
    server.setFate(() => (queue.shift() as "ok" | undefined) ?? "ok");
    const realtime = speed === undefined ? {} : { realtime: { speed, max_gap_ms: 1_000 } };
    const rejects: Reject[] = [];
    let resume = undefined as Awaited<ReturnType<typeof readProgress>>;
    for (;;) {
      try {
        await run({ file, now, batch_rows, ...realtime, ...(resume && { resume }) }, server.client, {
          rejects,
        });
        return { server, good, rejects };
      } catch (error) {
        expect((error as Error).message).toBe("killed");
        resume = await readProgress(file);
      }
    }
  };

  it("killed at any moment and resumed, every row arrives exactly once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { server, good } = await untilDone(given, false);
        expect(server.values()).toEqual(good);
      }),
      { numRuns: 25 },
    );
  });

  it("killed at any moment and resumed with --now, the stamps given are kept and no reading is doubled", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { server, good } = await untilDone(given, true);
        expect(server.values()).toEqual(good);
        const last = new Map<string, number>();
        for (const { sensor_id, timestamp } of server.arrived) {
          expect(timestamp).toBeGreaterThan(last.get(sensor_id) ?? 0);
          last.set(sensor_id, timestamp);
        }
      }),
      { numRuns: 25 },
    );
  });
});
