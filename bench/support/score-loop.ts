/**
 * Parses lines of readings and stores them as rows, and judges them by the live code besides, where it is told to. Tells
 * the CPU that a reading takes, in µs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import type { Reading } from "../../lib/domain/reading.ts";
import { formatTimestamp } from "../../lib/domain/time.ts";
import { installModel } from "../../lib/health/life/installed-model.ts";
import { MODEL_VERSION, sealModel } from "../../lib/health/life/model-file.ts";
import { SENSORS, TRAINING, wearingFleet } from "../../lib/health/testing.ts";
import { trainLife } from "../../lib/health/training/train-life.ts";
import { quickReading } from "../../lib/ingest/validate-reading.ts";
import { ReadingScorer, type ScoreSink } from "../../lib/runtime/commands/life/score-readings.ts";

export type ScoreLoop = "bare" | "health" | "life" | "anomaly";

const BATCH = 1_000;
const [loop, engines] = [process.argv[2] as ScoreLoop, Number(process.argv[3])];

/** Six operating regimes, eight sensors an engine, all engines side by side in order of time. */
function lines(): string[] {
  const { runs } = wearingFleet(engines, { seed: 7, regimes: 6 });
  const longest = Math.max(...runs.map(({ frames }) => frames.length));
  return Array.from({ length: longest }, (_, step) => step).flatMap((step) =>
    runs.flatMap(({ asset_id, frames }) =>
      step >= frames.length
        ? []
        : SENSORS.map(({ key, sensor_type, unit }, at) =>
            JSON.stringify({
              ...{ asset_id, sensor_id: `${asset_id}-${key}`, sensor_type, unit },
              value: frames[step]!.values[at],
              timestamp: formatTimestamp(frames[step]!.timestamp),
            }),
          ),
    ),
  );
}

function scorer(): ReadingScorer | undefined {
  if (loop === "bare") return undefined;
  const sink: ScoreSink = loop === "anomaly" ? { anomaly: () => undefined } : {};
  if (loop !== "life") return new ReadingScorer(undefined, sink);
  const { parameters } = trainLife(wearingFleet(36, { regimes: 6 }), TRAINING);
  const file = sealModel({
    format: "foresight-life-model",
    version: MODEL_VERSION,
    name: "engine",
    asset_types: ["engine"],
    summary: { assets: 36, steps: 0, rmse: 0, nasa_per_asset: 0, coverage: null, regimes: 6 },
    provenance: { source: "", source_sha256: "", readings: 0, seed: 1, folds: 3, command: "" },
    parameters,
  });
  return new ReadingScorer(installModel(file), sink);
}

const text = lines();
const judge = scorer();
const folder = mkdtempSync(join(tmpdir(), "foresight-score-"));
const db = new Database(join(folder, "bare.db"));
db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
db.exec(
  "CREATE TABLE readings (asset_id TEXT, sensor_id TEXT, timestamp INTEGER, sensor_type TEXT, value REAL, unit TEXT, quality TEXT, PRIMARY KEY (asset_id, sensor_id, timestamp)) WITHOUT ROWID",
);
const insert = db.prepare("INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)");
const write = db.transaction((readings: Reading[]) => {
  for (const { asset_id, sensor_id, timestamp, sensor_type, value, unit, quality } of readings)
    insert.run(asset_id, sensor_id, timestamp, sensor_type, value, unit, quality);
});
const begun = process.cpuUsage();
for (let from = 0; from < text.length; from += BATCH) {
  const readings = text.slice(from, from + BATCH).map((line) => quickReading(JSON.parse(line))!);
  write(readings);
  if (judge !== undefined) for (const reading of readings) judge.take(reading);
}
const { user, system } = process.cpuUsage(begun);
db.close();
rmSync(folder, { recursive: true });
process.send?.({ cpu_us: (user + system) / text.length, readings: text.length });
process.disconnect?.();
