import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { ForesightError } from "../../../domain/errors.ts";
import { LIFE_UNITS, type LifeUnit } from "../../../domain/health.ts";
import { formatModel, modelId } from "../../../health/life/model-file.ts";
import { type CommandIo, Interrupted } from "../../../ingest/command-io.ts";
import { wholeOption } from "../../../ingest/option-parsers.ts";
import { createProgressDisplay } from "../../../ingest/progress-display.ts";
import { readFailures, readRuns } from "./read-runs.ts";
import { timeStepOf } from "./time-step.ts";
import { trainModel } from "./train-model.ts";
import { reportPage } from "./train-page.ts";
import { reportText } from "./train-report.ts";

interface Options {
  out: string;
  report?: string;
  failures?: string;
  assetType?: string;
  unit?: LifeUnit;
  cap: number;
  folds: number;
  seed: number;
  name?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  Turbofan engines, converted from a C-MAPSS file:
    foresight convert-cmapss --cmapss train_FD001.txt -o runs.csv
    foresight train runs.csv --out engine.model.json --report engine.html
  The pumps of a generated plant:
    foresight convert-cmapss --generate --run-to-failure --assets 60 --hours 200 --interval 10m -o runs.csv
    foresight train runs.csv --asset-type pump --out pump.model.json

Each asset's last reading is its failure, unless --failures F.csv says when it was (asset_id,failed_at; assets that it
does not name are left out). Life is counted in cycles where the file has a column "cycle", else in hours. Then install
the model: foresight model install engine.model.json --tenant T --asset-type engine`;

/** Registers `train`. */
export function registerTrain(program: Command, io: CommandIo): Command {
  return program
    .command("train <runs>")
    .description("learn remaining life from run-to-failure readings (CSV)")
    .option("--out <file>", "where to write the model", "model.json")
    .option("--report <file>", "also write the report as one HTML page")
    .option("--failures <file>", "CSV of asset_id,failed_at, where the last reading is not the failure")
    .option("--asset-type <type>", "learn from assets of this type, where the file has several")
    .addOption(new Option("--unit <unit>", "unit of life").choices(LIFE_UNITS))
    .option("--cap <steps>", "remaining life is told up to so many time steps", wholeOption(10, 100_000), 125)
    .option("--folds <n>", "folds of the cross-validation by asset", wholeOption(2, 50), 5)
    .option("--seed <n>", "of the folds' shuffle", wholeOption(0, 2 ** 31 - 1), 1)
    .option("--name <name>", "the model's name (the type of the assets)")
    .option("--json", "print the figures as JSON to standard output")
    .addHelpText("after", EXAMPLES)
    .action((runs: string, options: Options) => train(runs, options, io));
}

async function train(path: string, options: Options, io: CommandIo): Promise<void> {
  const display = createProgressDisplay(io, "Training");
  const started = io.clock.now();
  try {
    const failures = options.failures === undefined ? undefined : await readFailures(options.failures);
    display.say(`Reading ${path} …`);
    const set = await readRuns(path, {
      clock: io.clock,
      signal: io.interrupted,
      ...(options.assetType !== undefined && { asset_type: options.assetType }),
      ...(failures && { failures }),
    });
    const unit = options.unit ?? (set.cycles ? "cycles" : "hours");
    const step_ms = unit === "cycles" ? null : timeStepOf(set.runs);
    const { cap, folds, seed } = options;
    const report = trainModel(
      set,
      {
        ...{ unit, step_ms, cap, folds, seed },
        onProgress: (share, doing) => {
          io.interrupted.throwIfAborted();
          display.update(share, doing);
        },
      },
      {
        name: options.name ?? set.asset_type,
        asset_type: set.asset_type,
        source: basename(path),
        source_sha256: set.sha256,
        readings: set.readings,
        rejected: set.rejected,
        command: `foresight train ${basename(path)} --cap ${cap} --folds ${folds} --seed ${seed}${options.assetType === undefined ? "" : ` --asset-type ${options.assetType}`}`,
      },
    );
    display.stop();
    const { file } = report;
    await writeOut(options.out, formatModel(file));
    if (options.report !== undefined) await writeOut(options.report, reportPage(report));
    io.stderr.write(`${reportText(report)}\n`);
    io.stderr.write(
      `Wrote ${options.out} (${modelId(file)})${options.report === undefined ? "" : ` and ${options.report}`} after ${((io.clock.now() - started) / 1_000).toFixed(1)} s.\n`,
    );
    if (options.json)
      io.stdout.write(
        `${JSON.stringify({ model: modelId(file), out: options.out, unit, step_ms, ...file.summary, mid_life_rmse: report.mid_life.rmse, mid_life_coverage: report.mid_life.coverage })}\n`,
      );
  } catch (error) {
    if (io.interrupted.aborted) throw new Interrupted("Interrupted; nothing was written.");
    throw error;
  } finally {
    display.stop();
  }
}

async function writeOut(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new ForesightError("invalid_request", `${path} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
