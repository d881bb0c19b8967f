import { type Command, Option } from "commander";
import { ForesightError } from "../domain/errors.ts";
import { convertCmapss } from "./cmapss/convert-cmapss.ts";
import { type CommandIo, Interrupted } from "./command-io.ts";
import { durationOption, positiveOption, timeOption, wholeOption } from "./option-parsers.ts";
import { writePlant } from "./plant/write-plant.ts";
import { createProgressDisplay } from "./progress-display.ts";

const DEFAULT_START = Date.UTC(2024, 0, 1);
const DEFAULT_PLANT = "data/processed/sensor_readings.csv";
const DEFAULT_ENGINES = "data/processed/engine_data.csv";
const MOST_ASSETS = 10_000;

interface Options {
  generate?: boolean;
  runToFailure?: boolean;
  cmapss?: string;
  output?: string;
  assets: number;
  hours: number;
  interval: number;
  seed: number;
  start: number;
  cycleSeconds: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  A plant of three assets for an hour, one reading a sensor and second:
    foresight convert-cmapss --generate --assets 3 --hours 1
  Thirty assets, each until it fails, for training a model:
    foresight convert-cmapss --generate --run-to-failure --assets 30 --hours 200 --interval 60s -o runs.csv
  NASA's turbofan engines:
    foresight convert-cmapss --cmapss train_FD001.txt -o data/processed/engine_data.csv

The generated plant has planted failures; a .truth.json beside the CSV says which and when. The same seed gives
the same bytes. C-MAPSS: time = start + cycle × cycle seconds, all engines start together.`;

/** Registers `convert-cmapss`. */
export function registerConvertCmapss(program: Command, io: CommandIo): Command {
  return program
    .command("convert-cmapss")
    .description("generate a plant's readings, or convert a C-MAPSS file, into a CSV for sensor-ingestor")
    .option("--generate", "generate a plant of pumps, motors and compressors")
    .option("--cmapss <file>", "convert this C-MAPSS file (26 columns of numbers)")
    .option("-o, --output <file>", `where to write (default: ${DEFAULT_PLANT} or ${DEFAULT_ENGINES})`)
    .option("--assets <n>", "how many assets to generate", wholeOption(1, MOST_ASSETS), 3)
    .option("--hours <h>", "for how many hours", positiveOption, 1)
    .addOption(
      new Option("--interval <duration>", "time between two readings of a sensor")
        .argParser(durationOption)
        .default(1_000, "1s"),
    )
    .option("--seed <n>", "another seed gives another plant", wholeOption(0, 2 ** 32 - 1), 1)
    .option("--run-to-failure", "each asset runs until it fails (with --generate)")
    .addOption(
      new Option("--start <time>", "time of the first reading")
        .argParser(timeOption)
        .default(DEFAULT_START, "2024-01-01T00:00:00Z"),
    )
    .option("--cycle-seconds <s>", "seconds between two cycles of an engine", positiveOption, 60)
    .option("--json", "print a summary as JSON to standard output")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => run(options, io, io.interrupted));
}

async function run(options: Options, io: CommandIo, signal: AbortSignal): Promise<void> {
  if ((options.generate === true) === (options.cmapss !== undefined))
    throw new ForesightError(
      "invalid_request",
      "Say either --generate or --cmapss FILE; see foresight convert-cmapss --help.",
    );
  if (options.runToFailure === true && options.generate !== true)
    throw new ForesightError("invalid_request", "--run-to-failure needs --generate.");
  const label = options.generate ? "Generating" : "Converting";
  const display = createProgressDisplay(io, label);
  const onProgress = (share: number, rows: number) => display.update(share, `${rows} readings`);
  try {
    const summary = options.generate
      ? await generate(options, signal, onProgress)
      : await convert(options, options.cmapss!, signal, onProgress);
    display.stop();
    io.stderr.write(`${summary.text}\n`);
    if (options.json) io.stdout.write(`${JSON.stringify(summary.json)}\n`);
  } catch (error) {
    if (signal.aborted) throw new Interrupted("Interrupted; nothing was written.");
    throw error;
  } finally {
    display.stop();
  }
}

type Summary = { text: string; json: object };
type OnProgress = (share: number, rows: number) => void;

async function generate(options: Options, signal: AbortSignal, onProgress: OnProgress): Promise<Summary> {
  const written = await writePlant(
    options.output ?? DEFAULT_PLANT,
    {
      assets: options.assets,
      interval_ms: options.interval,
      seed: options.seed,
      start: options.start,
      mode: {
        kind: options.runToFailure ? "run_to_failure" : "file",
        duration_ms: Math.round(options.hours * 3_600_000),
      },
    },
    onProgress,
    signal,
  );
  const { rows: readings, path, truth_path: truth, faults } = written;
  const failing = faults.length === 1 ? "1 planted failure" : `${faults.length} planted failures`;
  return {
    text: `Wrote ${readings} readings of ${options.assets} assets to ${path}; ${failing}, told in ${truth}.`,
    json: { readings, assets: options.assets, path, truth },
  };
}

async function convert(
  options: Options,
  input: string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Summary> {
  const { rows, engines, readings, path } = await convertCmapss({
    input,
    output: options.output ?? DEFAULT_ENGINES,
    cycle_seconds: options.cycleSeconds,
    start: options.start,
    signal,
    onProgress,
  });
  return {
    text: `Wrote ${readings} readings (${rows} rows of ${engines} engines, 24 each) to ${path}.`,
    json: { readings, rows, assets: engines, path },
  };
}
