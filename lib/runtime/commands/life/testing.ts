/** What the tests of the commands of remaining life share: files of a small fleet, and commands as the program has them. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { formatTimestamp } from "../../../domain/time.ts";
import { SENSORS } from "../../../health/testing.ts";
import type { TrainingRun } from "../../../health/training/training-run.ts";
import { type CommandIo, exitCodeOf } from "../../../ingest/command-io.ts";
import { commandUnderTest } from "../../../ingest/testing.ts";

/** The readings of runs as a CSV file; with a column `cycle` where life is counted in cycles. */
export async function writeRuns(
  path: string,
  runs: readonly TrainingRun[],
  { cycles = true, asset_type = "engine" } = {},
): Promise<string> {
  let text = `timestamp,asset_id,sensor_id,sensor_type,value,unit,asset_type${cycles ? ",cycle" : ""}\n`;
  for (const { asset_id, frames } of runs)
    for (const [k, { timestamp, values }] of frames.entries())
      for (const [i, { key, sensor_type, unit }] of SENSORS.entries())
        text += `${formatTimestamp(timestamp)},${asset_id},${asset_id}-${key},${sensor_type},${values[i]},${unit},${asset_type}${cycles ? `,${k + 1}` : ""}\n`;
  await writeFile(path, text);
  return path;
}

/** A command whose end is its exit code, as a program that calls it sees it. */
export function exitOf(register: (program: Command, io: CommandIo) => Command) {
  const { seen, reset, run } = commandUnderTest(register, {
    clock: { now: () => Date.UTC(2025, 0, 1) },
    random: () => 0.5,
    env: () => undefined,
  });
  return async (...args: string[]) => {
    reset();
    const failure = await run(...args).then(
      () => undefined,
      (error: Error) => error,
    );
    const { out, err } = seen;
    return {
      code: failure === undefined ? 0 : exitCodeOf(failure),
      message: failure?.message ?? "",
      out,
      err,
    };
  };
}
