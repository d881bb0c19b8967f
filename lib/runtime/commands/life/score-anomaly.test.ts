import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ruleSchema } from "../../../domain/rule.ts";
import { formatTimestamp } from "../../../domain/time.ts";
import { exitCodeOf } from "../../../ingest/command-io.ts";
import { commandUnderTest } from "../../../ingest/testing.ts";
import { createProcessor } from "../../../processor/processor.ts";
import {
  createManualClock,
  createMemoryLog,
  createMemoryStore,
  createRecorder,
  reading,
  TENANT,
} from "../../../processor/testing.ts";
import { registerScore } from "./score.ts";

const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality";
const START = Date.UTC(2024, 0, 1);

/** One temperature a second: a small saw-tooth, and a jump after 300 of them. */
const plant = Array.from({ length: 400 }, (_, second) =>
  reading({
    timestamp: START + second * 1_000,
    value: 65 + ((second * 7) % 11) / 10 + (second === 300 ? 30 : 0),
  }),
);
const line = ({
  timestamp,
  asset_id,
  sensor_id,
  sensor_type,
  value,
  unit,
  quality,
}: (typeof plant)[number]) =>
  [formatTimestamp(timestamp), asset_id, sensor_id, sensor_type, value, unit, quality].join(",");

describe("score --anomaly", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "score-"));
    reset();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const { seen, reset, run } = commandUnderTest(registerScore, {
    clock: { now: () => Date.UTC(2026, 0, 1) },
    random: () => 0.5,
    env: () => undefined,
  });
  const file = async (name: string, lines: string[]) => {
    const path = join(directory, name);
    await writeFile(path, `${lines.join("\n")}\n`);
    return path;
  };
  const rowsOf = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((row) => row.split(","));

  it("gives each reading the number that the running processor judges it by", async () => {
    const path = await file("plant.csv", [HEADER, ...plant.map(line)]);
    await run(path, "--anomaly");
    const [header, ...rows] = rowsOf(seen.out);
    expect(header).toEqual(["asset_id", "sensor_id", "timestamp", "value", "anomaly"]);
    expect(rows.map(([, , timestamp, value]) => [timestamp, Number(value)])).toEqual(
      plant.map(({ timestamp, value }) => [formatTimestamp(timestamp), value]),
    );

    const log = createMemoryLog();
    const store = createMemoryStore([
      ruleSchema.parse({
        id: "unusual",
        title: "Unusual",
        sensor_type: "temperature",
        severity: "info",
        condition: { kind: "anomaly", limit: 0.45 },
      }),
    ]);
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    const processor = createProcessor({ log, store, clock, ...createRecorder() });
    await processor.start();
    try {
      log.append(TENANT, plant, 0);
      await vi.waitFor(() => expect(store.events.length).toBeGreaterThan(0), { timeout: 10_000 });
    } finally {
      await processor.stop();
    }
    const { alert } = store.events[0]!;
    const raised = rows.find(([, , , , anomaly]) => Number(anomaly) > 0.45)!;
    expect(raised[2]).toBe(formatTimestamp(alert.timestamp!));
    expect(raised[2]).toBe(formatTimestamp(START + 300_000));
    expect(Number(raised[4])).toBeCloseTo(alert.metric_value!, 6);
  });

  it("leaves the field of what is not judged empty: bad, late, repeated", async () => {
    const [first, second] = [plant[10]!, plant[11]!];
    const bad = { ...plant[12]!, quality: "bad" as const };
    const path = await file("plant.csv", [HEADER, ...[second, first, second, bad, plant[13]!].map(line)]);
    await run(path, "--anomaly", "-o", join(directory, "out.csv"));
    const rows = rowsOf(await readFile(join(directory, "out.csv"), "utf8")).slice(1);
    expect(rows.map(([, , , , anomaly]) => anomaly)).toEqual(["0", "", "", "", "0"]);
  });

  it("takes a bare series, named after its file, its times in UTC", async () => {
    const lines = plant.map(
      ({ timestamp, value }) => `${formatTimestamp(timestamp).slice(0, 19).replace("T", " ")},${value}`,
    );
    await run(await file("machine temperature.csv", ["timestamp,value", ...lines]), "--anomaly");
    const bare = rowsOf(seen.out).slice(1);
    expect(bare[300]!.slice(0, 3)).toEqual(["machine-temperature", "value", "2024-01-01T00:05:00.000Z"]);
    reset();
    await run(await file("plant.csv", [HEADER, ...plant.map(line)]), "--anomaly");
    const whole = rowsOf(seen.out).slice(1);
    expect(bare.map(([, , , , anomaly]) => anomaly)).toEqual(whole.map(([, , , , anomaly]) => anomaly));
    expect(Number(bare[300]![4])).toBeGreaterThan(0.4);
  });

  it("is refused beside a model, and a bare series without it", async () => {
    const path = await file("series.csv", ["timestamp,value", "2024-01-01 00:00:00,1"]);
    const failure = (...args: string[]) => run(...args).catch((error: Error) => error);
    const both = (await failure(path, "--anomaly", "--model", "m.json")) as Error;
    expect([both.message, exitCodeOf(both)]).toEqual(["--anomaly goes without --model and --truth.", 2]);
    const alone = (await failure(path)) as Error;
    expect(alone.message).toContain("lacks the columns asset_id, sensor_id, sensor_type, unit");
  });
});
