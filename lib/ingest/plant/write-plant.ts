import { writeFile } from "node:fs/promises";
import { formatTimestamp } from "../../domain/time.ts";
import { createTextFile } from "../csv/csv-writer.ts";
import { createPlant, type Plant, type PlantOptions } from "./plant.ts";

export interface WrittenPlant {
  rows: number;
  path: string;
  truth_path: string;
  faults: Plant["faults"];
}

const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality,asset_type\n";

/** `sensor_readings.csv` → `sensor_readings.truth.json`. */
export function truthPath(path: string): string {
  return `${path.replace(/\.csv$/i, "")}.truth.json`;
}

/**
 * Writes the readings of a plant as CSV and beside it what was planted. Memory does not grow with the length.
 * @param onProgress hears of the share done, 0 to 1, some times a second
 * @throws ForesightError `invalid_request` where the place cannot be written to, `storage_full`; the signal's reason
 */
export async function writePlant(
  path: string,
  options: PlantOptions & { mode: { kind: "file" | "run_to_failure"; duration_ms: number } },
  onProgress: (share: number, rows: number) => void = () => {},
  signal?: AbortSignal,
): Promise<WrittenPlant> {
  const plant = createPlant(options);
  const file = await createTextFile(path);
  let rows = 0;
  let step = 0;
  try {
    await file.write(HEADER);
    for (const readings of plant.steps()) {
      if (readings.length > 0) {
        const time = formatTimestamp(readings[0]!.timestamp);
        let text = "";
        for (const { asset_id, sensor_id, sensor_type, value, unit, quality, asset_type } of readings)
          text += `${time},${asset_id},${sensor_id},${sensor_type},${value},${unit},${quality},${asset_type}\n`;
        rows += readings.length;
        const full = file.write(text);
        if (full !== undefined) {
          await full;
          signal?.throwIfAborted();
          onProgress((step * options.interval_ms) / options.mode.duration_ms, rows);
        }
      }
      step += 1;
    }
    await file.close();
  } catch (error) {
    await file.abort();
    throw error;
  }
  onProgress(1, rows);
  const truth_path = truthPath(path);
  await writeFile(truth_path, `${JSON.stringify(truthOf(plant, options, rows), undefined, 2)}\n`);
  return { rows, path, truth_path, faults: plant.faults };
}

function truthOf(plant: Plant, options: PlantOptions, rows: number): object {
  const { seed, interval_ms, start, mode } = options;
  return {
    seed,
    parameters: {
      assets: options.assets,
      interval_ms,
      start: formatTimestamp(start),
      mode: mode.kind,
      ...(mode.kind !== "endless" && { duration_ms: mode.duration_ms }),
    },
    rows,
    assets: plant.assets.map(({ asset_id, model }) => ({ asset_id, asset_type: model.asset_type })),
    faults: plant.faults.map((fault) => ({
      ...fault,
      begins_at: formatTimestamp(fault.begins_at),
      fails_at: formatTimestamp(fault.fails_at),
    })),
    quality: plant.stretches.map(({ sensor_id, kind, from, to }) => ({
      sensor_id,
      kind,
      from: formatTimestamp(from),
      to: formatTimestamp(to),
    })),
  };
}
