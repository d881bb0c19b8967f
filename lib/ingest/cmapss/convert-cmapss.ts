import { type EpochMs, formatTimestamp } from "../../domain/time.ts";
import { createTextFile } from "../csv/csv-writer.ts";
import { CMAPSS_COLUMNS } from "./cmapss-columns.ts";
import { readCmapss } from "./read-cmapss.ts";

export interface CmapssOptions {
  input: string;
  output: string;
  /** Seconds between two cycles of an engine. */
  cycle_seconds: number;
  start: EpochMs;
  signal?: AbortSignal;
  onProgress?: (share: number, readings: number) => void;
}

export interface ConvertedCmapss {
  engines: number;
  rows: number;
  readings: number;
  path: string;
}

const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality,asset_type,cycle\n";
const ENDINGS = CMAPSS_COLUMNS.map(({ symbol, sensor_type }) => `-${symbol},${sensor_type},`);

/**
 * Writes a C-MAPSS file as readings: an asset an engine, 24 readings a row, values as they stand in the file. The
 * time of a row is start + cycle × cycle_seconds and all engines start together, so the output is in order of
 * time and a replay shows the whole fleet living.
 * @throws ForesightError `invalid_request` for a file of another shape, `storage_full`; the signal's reason
 */
export async function convertCmapss(options: CmapssOptions): Promise<ConvertedCmapss> {
  const rows = await readCmapss(options.input);
  const file = await createTextFile(options.output);
  const engines = new Set<number>();
  try {
    await file.write(HEADER);
    for (const [at, { unit, cycle, values }] of rows.entries()) {
      engines.add(unit);
      const engine = `ENGINE-${String(unit).padStart(3, "0")}`;
      const before = `${formatTimestamp(options.start + cycle * options.cycle_seconds * 1_000)},${engine},${engine}`;
      let text = "";
      for (const [column, value] of values.entries())
        text += `${before}${ENDINGS[column]!}${value},${CMAPSS_COLUMNS[column]!.unit},good,engine,${cycle}\n`;
      const full = file.write(text);
      if (full !== undefined) {
        await full;
        options.signal?.throwIfAborted();
        options.onProgress?.(at / rows.length, at * CMAPSS_COLUMNS.length);
      }
    }
    await file.close();
  } catch (error) {
    await file.abort();
    throw error;
  }
  const readings = rows.length * CMAPSS_COLUMNS.length;
  options.onProgress?.(1, readings);
  return { engines: engines.size, rows: rows.length, readings, path: options.output };
}
