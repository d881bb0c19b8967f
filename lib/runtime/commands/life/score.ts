import { basename } from "node:path";
import type { Command } from "commander";
import { ForesightError } from "../../../domain/errors.ts";
import { type InstalledModel, installModel } from "../../../health/life/installed-model.ts";
import { parseModel } from "../../../health/life/model-file.ts";
import { lifeFigures } from "../../../health/training/metrics.ts";
import { type CommandIo, Interrupted } from "../../../ingest/command-io.ts";
import { readCsv } from "../../../ingest/csv/csv-readings.ts";
import { createTextFile } from "../../../ingest/csv/csv-writer.ts";
import type { SeriesOf } from "../../../ingest/csv/header.ts";
import { fileBytes } from "../../../ingest/file-bytes.ts";
import { textOf } from "./read-runs.ts";
import { ReadingScorer, type Scored } from "./score-readings.ts";
import { ANOMALIES_HEADER, anomalyRow, SCORES_HEADER, scoreRow } from "./scores-csv.ts";
import { percent } from "./train-report.ts";

interface Options {
  model?: string;
  anomaly?: boolean;
  output?: string;
  truth?: string;
  json?: boolean;
}

/** As long as an asset's id may be. */
const MOST_OF_A_NAME = 128;
const EXAMPLES = `
Examples:
  foresight score test.csv --model engine.model.json -o scores.csv
  How good the model is on NASA's test engines (the true remaining lives, one line an engine):
    foresight convert-cmapss --cmapss test_FD001.txt -o test.csv
    foresight score test.csv --model engine.model.json --truth RUL_FD001.txt -o scores.csv

The numbers are those that the running server gives for the same readings: it is the same code. One row an asset and
time step; cycle counts the steps since the asset was first seen. Without a model the health score only.

  How out of the ordinary each reading is against its own sensor's past, 0 to 1:
    foresight score plant.csv --anomaly -o anomalies.csv
  A series of one sensor with nothing but timestamp and value (times without a zone are UTC):
    foresight score series.csv --anomaly

With --anomaly one row a reading, in the order of the file: asset_id,sensor_id,timestamp,value,anomaly. The first 100
readings of a sensor get 0; one that is bad, late or there already is not judged, its field is empty.`;

/** Registers `score`. */
export function registerScore(program: Command, io: CommandIo): Command {
  return program
    .command("score <file>")
    .description("judge the readings of a CSV file as the running server would")
    .option("--model <file>", "model of remaining life, for all assets of the file")
    .option("--anomaly", "judge each reading by its sensor's own past, instead of each asset")
    .option("-o, --output <file>", "where to write the scores (standard output)")
    .option(
      "--truth <file>",
      "true remaining lives at the end of the file, one line an asset in order of their ids",
    )
    .option("--json", "print the figures against --truth as JSON to standard output")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => score(path, options, io));
}

async function score(path: string, options: Options, io: CommandIo): Promise<void> {
  if (options.anomaly && (options.model !== undefined || options.truth !== undefined))
    throw new ForesightError("invalid_request", "--anomaly goes without --model and --truth.");
  const installed =
    options.model === undefined
      ? undefined
      : installModel(parseModel(await textOf(options.model), options.model));
  if (options.truth !== undefined && installed === undefined)
    throw new ForesightError("invalid_request", "--truth needs --model.");
  if (options.json && options.output === undefined)
    throw new ForesightError("invalid_request", "--json needs -o FILE for the scores.");
  const last = new Map<string, Scored>();
  const rejected = options.anomaly
    ? await judgeFile(path, options, io, ANOMALIES_HEADER, anomaliesOf, seriesOf(path))
    : await judgeFile(path, options, io, SCORES_HEADER, (say) => {
        const score = (scored: Scored) => {
          last.set(scored.asset_id, scored);
          say(scoreRow(scored));
        };
        return new ReadingScorer(installed, { score });
      });
  if (rejected > 0) io.stderr.write(`${rejected} rows were no readings and were left out.\n`);
  if (options.truth !== undefined) await compare(last, options.truth, installed!, options, io);
}

type Judge = Pick<ReadingScorer, "take" | "finish">;

/** One row a reading, whether it was judged or not. */
function anomaliesOf(say: (row: string) => void): Judge {
  let told: number | undefined;
  const scorer = new ReadingScorer(undefined, {
    anomaly: (_, anomaly) => {
      told = anomaly;
    },
  });
  return {
    take(reading) {
      told = undefined;
      scorer.take(reading);
      say(anomalyRow(reading, told));
    },
    finish: () => undefined,
  };
}

/** A bare series is named after its file. */
function seriesOf(path: string): SeriesOf {
  const name = basename(path)
    .replace(/\.csv$/i, "")
    .replace(/\s+/g, "-")
    .slice(0, MOST_OF_A_NAME);
  return { asset_id: name || "series", sensor_id: "value", sensor_type: "value", unit: "" };
}

/** Judges a file's readings in their order and writes the rows. @returns how many rows were no readings */
async function judgeFile(
  path: string,
  { output }: Options,
  io: CommandIo,
  header: string,
  judgeOf: (say: (row: string) => void) => Judge,
  series?: SeriesOf,
): Promise<number> {
  const file = output === undefined ? undefined : await createTextFile(output);
  const write = (text: string) => (file === undefined ? void io.stdout.write(text) : file.write(text));
  let text = header;
  const judge = judgeOf((row) => {
    text += row;
  });
  let rejected = 0;
  try {
    const { clock, interrupted: signal } = io;
    for await (const rows of readCsv(fileBytes(path), { clock, signal, ...(series && { series }) })) {
      for (const row of rows) {
        if ("reading" in row) judge.take(row.reading);
        else rejected++;
      }
      await write(text);
      text = "";
    }
    judge.finish();
    await write(text);
    await file?.close();
  } catch (error) {
    await file?.abort();
    if (io.interrupted.aborted) throw new Interrupted("Interrupted; nothing was written.");
    throw error;
  }
  return rejected;
}

/** @throws ForesightError `invalid_request` where the true lives are not as many as the assets */
async function compare(
  last: ReadonlyMap<string, Scored>,
  path: string,
  { model, unit_per_step }: InstalledModel,
  options: Options,
  io: CommandIo,
): Promise<void> {
  const truths = (await textOf(path)).split(/\s+/).filter(Boolean).map(Number);
  const order = new Intl.Collator("en", { numeric: true }).compare;
  const assets = [...last.values()].sort((a, b) => order(a.asset_id, b.asset_id));
  if (truths.length !== assets.length || truths.some((life) => !(life >= 0)))
    throw new ForesightError(
      "invalid_request",
      `${path}: expected ${assets.length} remaining lives, one for each asset, found ${truths.length}.`,
    );
  const cap = model.parameters.cap * unit_per_step;
  const rows = assets.flatMap(({ rul, rul_low, rul_high }, i) =>
    rul == null
      ? []
      : [{ predicted: rul, actual: Math.min(cap, truths[i]!), low: rul_low!, high: rul_high! }],
  );
  const figures = lifeFigures(rows);
  const withheld = assets.length - rows.length;
  io.stderr.write(
    `${rows.length} assets${withheld > 0 ? ` (${withheld} withheld)` : ""}: RMSE ${figures.rmse.toFixed(2)}, NASA score ${figures.nasa.toFixed(0)}, interval holds ${percent(figures.coverage)}, bias ${figures.bias.toFixed(2)} (true lives capped at ${cap}).\n`,
  );
  if (options.json) io.stdout.write(`${JSON.stringify({ ...figures, withheld, cap })}\n`);
}
