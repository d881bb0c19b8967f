import { createHash } from "node:crypto";
import { assetTypeOf } from "../../../domain/asset.ts";
import { ForesightError } from "../../../domain/errors.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { parseTimestamp } from "../../../domain/time.ts";
import { convert } from "../../../domain/units.ts";
import type { ModelSensor } from "../../../health/life/life-parameters.ts";
import { sensorKey } from "../../../health/life/match-sensors.ts";
import type { TrainingRun, TrainingSet } from "../../../health/training/training-run.ts";
import { readCsv } from "../../../ingest/csv/csv-readings.ts";
import { fileBytes } from "../../../ingest/file-bytes.ts";
import type { Clock } from "../../../ports/system.ts";

export interface ReadRuns extends TrainingSet {
  asset_type: string;
  readings: number;
  rejected: number;
  sha256: string;
  /** The file has a column `cycle`: each time step of an asset is one. */
  cycles: boolean;
}

interface Open {
  asset_type: string;
  frames: Map<number, { timestamp: EpochMs; values: (number | undefined)[] }>;
}

/**
 * Reads run-to-failure histories: each asset's last reading is its failure unless `failures` says when it was. Readings
 * of one second are a time step, as the processor sees them; the first value of a reading wins, bad ones are left out.
 * @throws ForesightError `invalid_request` for a bad header, or where assets of several types are in the file and none
 * was chosen
 */
export async function readRuns(
  path: string,
  options: {
    clock: Clock;
    asset_type?: string;
    failures?: ReadonlyMap<string, EpochMs>;
    signal?: AbortSignal;
  },
): Promise<ReadRuns> {
  const sensors: ModelSensor[] = [];
  const index = new Map<string, number>();
  const assets = new Map<string, Open>();
  const hash = createHash("sha256");
  let cycles = false;
  let readings = 0;
  let rejected = 0;
  async function* hashed() {
    for await (const bytes of fileBytes(path)) {
      hash.update(bytes);
      yield bytes;
    }
  }
  const rows = readCsv(hashed(), {
    clock: options.clock,
    onHeader: ({ ignored }) => {
      cycles = ignored.includes("cycle");
    },
    ...(options.signal && { signal: options.signal }),
  });
  for await (const some of rows)
    for (const row of some) {
      if (!("reading" in row)) {
        rejected++;
        continue;
      }
      const { asset_id, sensor_id, sensor_type, unit, value, quality, timestamp } = row.reading;
      const asset_type = row.reading.asset_type ?? assetTypeOf(asset_id);
      if (options.asset_type !== undefined && asset_type !== options.asset_type) continue;
      readings++;
      if (quality === "bad") continue;
      const key = sensorKey(asset_id, sensor_id);
      let sensor = index.get(key);
      if (sensor === undefined) {
        sensor = sensors.push({ key, sensor_type, unit }) - 1;
        index.set(key, sensor);
      }
      const wanted = sensors[sensor]!.unit;
      const converted = unit === wanted ? value : convert(value, unit, wanted);
      if (converted === undefined) {
        rejected++;
        continue;
      }
      let asset = assets.get(asset_id);
      if (asset === undefined) {
        asset = { asset_type, frames: new Map() };
        assets.set(asset_id, asset);
      }
      const second = Math.floor(timestamp / 1_000);
      let frame = asset.frames.get(second);
      if (frame === undefined) {
        frame = { timestamp, values: [] };
        asset.frames.set(second, frame);
      }
      frame.timestamp = Math.max(frame.timestamp, timestamp);
      frame.values[sensor] ??= converted;
    }
  const types = [...new Set([...assets.values()].map(({ asset_type }) => asset_type))].sort();
  if (types.length === 0)
    throw new ForesightError(
      "invalid_request",
      options.asset_type === undefined
        ? `${path} has no readings.`
        : `${path} has no readings of assets of type ${options.asset_type}.`,
    );
  if (types.length > 1)
    throw new ForesightError(
      "invalid_request",
      `${path} has assets of several types; say which with --asset-type (${types.join(", ")}).`,
    );
  const runs = [...assets].map(([asset_id, { asset_type, frames }]): TrainingRun => {
    const sorted = [...frames.values()].sort((a, b) => a.timestamp - b.timestamp);
    const failed_at = options.failures?.get(asset_id) ?? sorted.at(-1)!.timestamp;
    return {
      asset_id,
      asset_type,
      failed_at,
      frames: sorted
        .filter(({ timestamp }) => timestamp <= failed_at)
        .map(({ timestamp, values }) => ({
          timestamp,
          values: Float64Array.from(sensors, (_, sensor) => values[sensor] ?? Number.NaN),
        })),
    };
  });
  const failed = runs.filter(({ asset_id }) => options.failures?.has(asset_id) ?? true);
  return {
    sensors,
    runs: failed.filter(({ frames }) => frames.length > 1),
    asset_type: types[0]!,
    readings,
    rejected,
    sha256: hash.digest("hex"),
    cycles,
  };
}

/**
 * Reads `asset_id,failed_at` lines; assets that are not named did not fail and are not learned from.
 * @throws ForesightError `invalid_request` with the line
 */
export async function readFailures(path: string): Promise<Map<string, EpochMs>> {
  const failures = new Map<string, EpochMs>();
  for (const [at, line] of (await textOf(path)).split(/\r?\n/).entries()) {
    if (line.trim() === "" || (at === 0 && /^\W*asset_id\s*,\s*failed_at/i.test(line))) continue;
    const [asset_id, text, ...more] = line.split(",").map((field) => field.trim());
    const failed_at = text === undefined ? undefined : parseTimestamp(text);
    if (!asset_id || failed_at === undefined || more.length > 0)
      throw new ForesightError("invalid_request", `${path}, line ${at + 1}: expected asset_id,failed_at.`);
    failures.set(asset_id, failed_at);
  }
  return failures;
}

/** A small text file whole. @throws ForesightError `invalid_request` where it cannot be read */
export async function textOf(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const bytes of fileBytes(path)) chunks.push(bytes);
  return Buffer.concat(chunks).toString("utf8");
}
