import type { Command } from "commander";
import { ForesightError } from "../../../domain/errors.ts";
import type { Reading } from "../../../domain/reading.ts";
import { formatTimestamp } from "../../../domain/time.ts";
import { type InstalledModel, installModel } from "../../../health/life/installed-model.ts";
import { parseModel } from "../../../health/life/model-file.ts";
import { lifeFigures } from "../../../health/training/metrics.ts";
import { type CommandIo, Interrupted } from "../../../ingest/command-io.ts";
import { readCsv } from "../../../ingest/csv/csv-readings.ts";
import { createTextFile } from "../../../ingest/csv/csv-writer.ts";
import { fileBytes } from "../../../ingest/file-bytes.ts";
import { textOf } from "./read-runs.ts";
import { ReadingScorer, type Scored } from "./score-readings.ts";
import { percent } from "./train-report.ts";

interface Options {
  model?: string;
  output?: string;
  truth?: string;
  json?: boolean;
}

const HEADER = "asset_id,timestamp,cycle,score,risk_level,rul,rul_low,rul_high,reason\n";
const EXAMPLES = `
Examples:
  foresight score test.csv --model engine.model.json -o scores.csv
  How good the model is on NASA's test engines (the true remaining lives, one line an engine):
    foresight convert-cmapss --cmapss test_FD001.txt -o test.csv
    foresight score test.csv --model engine.model.json --truth RUL_FD001.txt -o scores.csv

The numbers are those that the running server gives for the same readings: it is the same code. One row an asset and
time step; cycle counts the steps since the asset was first seen. Without a model the health score only.`;

/** Registers `score`. */
export function registerScore(program: Command, io: CommandIo): void {
  program
    .command("score <file>")
    .description("judge the readings of a CSV file as the running server would")
    .option("--model <file>", "model of remaining life, for all assets of the file")
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
  const installed =
    options.model === undefined
      ? undefined
      : installModel(parseModel(await textOf(options.model), options.model));
  if (options.truth !== undefined && installed === undefined)
    throw new ForesightError("invalid_request", "--truth needs --model.");
  if (options.json && options.output === undefined)
    throw new ForesightError("invalid_request", "--json needs -o FILE for the scores.");
  const file = options.output === undefined ? undefined : await createTextFile(options.output);
  const write = (text: string) => (file === undefined ? void io.stdout.write(text) : file.write(text));
  const last = new Map<string, Scored>();
  let text = HEADER;
  const scorer = new ReadingScorer(installed, (scored) => {
    last.set(scored.asset_id, scored);
    text += toRow(scored);
  });
  let rejected = 0;
  try {
    for await (const rows of readCsv(fileBytes(path), { clock: io.clock, signal: io.interrupted })) {
      for (const row of rows) {
        if ("reading" in row) scorer.take(row.reading as Reading);
        else rejected++;
      }
      await write(text);
      text = "";
    }
    scorer.finish();
    await write(text);
    await file?.close();
  } catch (error) {
    await file?.abort();
    if (io.interrupted.aborted) throw new Interrupted("Interrupted; nothing was written.");
    throw error;
  }
  if (rejected > 0) io.stderr.write(`${rejected} rows were no readings and were left out.\n`);
  if (options.truth !== undefined) await compare(last, options.truth, installed!, options, io);
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

function toRow(scored: Scored): string {
  const { asset_id, timestamp, cycle, score, risk_level, rul, rul_low, rul_high, reason = "" } = scored;
  const fields = [
    asset_id,
    formatTimestamp(timestamp),
    cycle,
    score,
    risk_level,
    rul,
    rul_low,
    rul_high,
    reason,
  ];
  return `${fields.map((field) => quoted(String(field ?? ""))).join(",")}\n`;
}

/** What a spreadsheet would take for a formula gets an apostrophe before it. */
function quoted(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
