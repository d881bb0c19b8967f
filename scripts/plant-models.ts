/**
 * Learns the models that judge what `start --demo` streams, one for each type of asset of the generated plant, and
 * writes them to models/. The same sources give the same bytes. Then judges plants of other seeds by them and prints
 * the figures of docs/judgement.md.
 *
 *   node --import tsx scripts/plant-models.ts [pump|motor|compressor …] [--figures]
 *
 * With --figures the models that are there are judged and none is learned.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { installModel } from "../lib/health/life/installed-model.ts";
import { formatModel, modelId, parseModel } from "../lib/health/life/model-file.ts";
import type { TrainingRun, TrainingSet } from "../lib/health/training/training-run.ts";
import { demoLives } from "../lib/ingest/plant/demo-lives.ts";
import { MACHINES } from "../lib/ingest/plant/machines.ts";
import { demoFigures } from "../lib/runtime/commands/life/demo-figures.ts";
import { trainModel } from "../lib/runtime/commands/life/train-model.ts";
import { reportText } from "../lib/runtime/commands/life/train-report.ts";
import { PLANT_MODEL_TYPES, plantModelName, plantModelPath } from "../lib/runtime/plant-models.ts";

const START = Date.UTC(2024, 0, 1);
const HOUR_MS = 3_600_000;
const TRAINING = {
  seeds: Array.from({ length: 12 }, (_, i) => 9_001 + i),
  assets: 9,
  duration_ms: 0.75 * HOUR_MS,
};
const JUDGED = { seeds: [141, 142, 143, 144], seconds: 5_400, start: START + 10 * HOUR_MS };
/** Faults of the demo take three to five minutes: life is told up to four, a second a step. */
const OPTIONS = { unit: "hours", step_ms: 1_000, cap: 240, folds: 5, seed: 1 } as const;

function trainingSet(asset_type: string): { set: TrainingSet; readings: number; sha256: string } {
  const machine = MACHINES.find((model) => model.asset_type === asset_type)!;
  const sensors = machine.sensors.map(({ suffix, sensor_type, unit }) => ({
    key: suffix,
    sensor_type,
    unit,
  }));
  const hash = createHash("sha256");
  let readings = 0;
  const runs = demoLives(asset_type, { ...TRAINING, start: START }).map(
    ({ asset_id, steps }): TrainingRun => {
      const frames = steps.map(({ timestamp, readings: sent }) => {
        const values = new Float64Array(sensors.length).fill(Number.NaN);
        for (const { sensor_id, value, quality } of sent) {
          hash.update(`${asset_id},${timestamp},${sensor_id},${value},${quality}\n`);
          readings++;
          if (quality !== "bad")
            values[sensors.findIndex(({ key }) => sensor_id.endsWith(`-${key}`))] = value;
        }
        return { timestamp, values };
      });
      return { asset_id, asset_type, frames, failed_at: frames.at(-1)!.timestamp };
    },
  );
  return { set: { sensors, runs }, readings, sha256: hash.digest("hex") };
}

async function learn(asset_type: string): Promise<void> {
  const { set, readings, sha256 } = trainingSet(asset_type);
  const report = trainModel(set, OPTIONS, {
    name: plantModelName(asset_type),
    asset_type,
    source: `generated plant at the demo's pace, seeds ${TRAINING.seeds[0]} to ${TRAINING.seeds.at(-1)}`,
    source_sha256: sha256,
    readings,
    rejected: 0,
    command: "node --import tsx scripts/plant-models.ts",
  });
  const path = plantModelPath(asset_type);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, formatModel(report.file));
  process.stdout.write(`${reportText(report)}\nWrote ${path} (${modelId(report.file)}).\n`);
}

async function judge(asset_type: string): Promise<void> {
  const path = plantModelPath(asset_type);
  const installed = installModel(parseModel(await readFile(path, "utf8"), path));
  const figures = demoFigures(asset_type, installed, JUDGED);
  const { sound, above_low, all, withheld, faults, seen_50, seen_20, short, named, rmse, coverage } = figures;
  const share = (some: number, of: number) => `${((100 * some) / of).toFixed(2)} %`;
  process.stdout.write(
    `${asset_type}: ${sound} sound scores, ${share(above_low, sound)} above low; ${share(withheld, all)} withheld; ` +
      `${faults} faults to failure, told at 50 steps or less ${seen_50}, at 20 or less ${seen_20}; ` +
      `RMSE with a fault ${rmse.toFixed(1)} s, interval holds ${share(coverage, 1)}; ` +
      `of ${short} lives of 50 steps or less a sensor of the fault takes most in ${share(named, short)}\n`,
  );
}

const named = process.argv.slice(2).filter((word) => word !== "--figures");
const types = named.length > 0 ? named : [...PLANT_MODEL_TYPES];
for (const asset_type of types) {
  if (!process.argv.includes("--figures")) await learn(asset_type);
  await judge(asset_type);
}
