import { type Command, Option } from "commander";
import { ForesightError } from "../domain/errors.ts";
import { type CommandIo, Interrupted } from "./command-io.ts";
import { createIngestClient, type IngestTarget } from "./ingestor/ingest-client.ts";
import { readProgress } from "./ingestor/progress-file.ts";
import { createRateMeter } from "./ingestor/rate-meter.ts";
import { openRejectsFile, type RejectsFile } from "./ingestor/rejects-file.ts";
import { type IngestorCounts, runIngestor } from "./ingestor/run-ingestor.ts";
import { durationOption, positiveOption, wholeOption } from "./option-parsers.ts";
import { pause } from "./patience.ts";
import { createProgressDisplay, type ProgressDisplay } from "./progress-display.ts";

/**
 * Finds the server of this machine and makes a token for it that may only post readings.
 * @throws ForesightError `unavailable` where no server runs
 */
export type MintLocalToken = (options: { tenant: string; data_dir?: string }) => Promise<IngestTarget>;

interface Options {
  realtime?: boolean;
  speed?: number;
  maxGap: number;
  now?: boolean;
  resume?: boolean;
  rejects?: string;
  url?: string;
  token?: string;
  tenant: string;
  dataDir?: string;
  batch: number;
  patience: number;
  json?: boolean;
}

const DEFAULT_URL = "http://127.0.0.1:8000";
const REASONS_SHOWN = 3;
const WAIT_TOLD_EVERY_MS = 5_000;

const EXAMPLES = `
Examples:
  As fast as the server takes it:
    foresight sensor-ingestor data/processed/sensor_readings.csv
  Ten times as fast as it happened, each reading at its own time:
    foresight sensor-ingestor data/processed/sensor_readings.csv --realtime --speed 10
  As if it happened now; interrupted with Ctrl-C and taken up again:
    foresight sensor-ingestor plant.csv --realtime --now
    foresight sensor-ingestor plant.csv --realtime --now --resume
  To another machine, with what was refused in a file:
    foresight sensor-ingestor plant.csv --url https://foresight.example.com --token T --rejects rejects.csv

The same file again adds nothing twice; with --now only --resume keeps the stamps that were given. The CSV's
header is timestamp,asset_id,sensor_id,sensor_type,value,unit,quality in any order (quality and asset_type
optional). For --realtime its rows should be in order of time: earlier ones are sent at once. What was
acknowledged is kept in FILE.progress.json.`;

/** Registers `sensor-ingestor`. */
export function registerSensorIngestor(
  program: Command,
  io: CommandIo,
  mintLocalToken: MintLocalToken,
): Command {
  return program
    .command("sensor-ingestor")
    .description("stream a CSV of sensor readings to a server")
    .argument("<file>", "the CSV file, of any size")
    .option("--realtime", "in the file's own rhythm")
    .option(
      "--speed <factor>",
      "so many times faster than the file's rhythm (implies --realtime)",
      positiveOption,
    )
    .option(
      "--max-gap <duration>",
      "longest wait for a pause in the file (--realtime)",
      durationOption,
      300_000,
    )
    .option("--now", "give each reading the moment it is sent as its timestamp")
    .option("--resume", "go on where the last run of this file stopped")
    .option("--rejects <file>", "write rejected rows there, with line, reason and text")
    .option("--url <url>", "the server (default: the one that runs on this machine)")
    .option(
      "--token <token>",
      "a token that may post readings (default: FORESIGHT_TOKEN, or one is made for this machine's server)",
    )
    .option("--tenant <tenant>", "whose readings they are, where the token is made here", "demo")
    .option("--data-dir <dir>", "data directory of this machine's server")
    .option("--batch <rows>", "most rows in one request", wholeOption(1, 50_000), 5_000)
    .addOption(
      new Option("--patience <duration>", "how long a server may be away")
        .argParser(durationOption)
        .default(600_000, "10m"),
    )
    .option("--json", "print a summary as JSON to standard output")
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: Options) => run(file, options, io, mintLocalToken));
}

async function run(
  file: string,
  options: Options,
  io: CommandIo,
  mintLocalToken: MintLocalToken,
): Promise<void> {
  const signal = io.interrupted;
  const progress = options.resume ? await readProgress(file) : undefined;
  const display = createProgressDisplay(io, "Streaming");
  if (options.resume && progress === undefined)
    display.say("No earlier run of this file is known; it is streamed from its beginning.");
  const speed = options.speed ?? 1;
  const realtime = options.realtime === true || options.speed !== undefined;
  const { locate, relocatable } = targetOf(options, io, mintLocalToken);
  const rejectsFile = options.rejects && (await openRejectsFile(options.rejects, options.resume === true));
  const meter = createRateMeter(io.clock);
  const started = io.clock.now();
  let counts: IngestorCounts | undefined;
  let told = Number.NEGATIVE_INFINITY;

  const summarise = (finished: boolean) => {
    const seconds = Math.max(0.001, (io.clock.now() - started) / 1_000);
    const { rows = 0, accepted = 0, duplicates = 0, rejected = 0, line = progress?.line ?? 0 } = counts ?? {};
    const rate = Math.round(rows / seconds);
    display.say(
      `${finished ? "Done" : "Stopped"} after line ${line}: ${rows} rows in ${seconds.toFixed(1)} s (${rate}/s); ` +
        `${accepted} accepted, ${duplicates} duplicate, ${rejected} rejected` +
        `${rejected > 0 && !options.rejects ? " (--rejects FILE tells each)" : ""}.`,
    );
    if (options.json)
      io.stdout.write(
        `${JSON.stringify({ file, finished, rows, accepted, duplicates, rejected, line, seconds, rate, resumed_after_line: progress?.line ?? 0 })}\n`,
      );
  };

  try {
    const client = createIngestClient({
      locate,
      relocatable,
      patience_ms: options.patience,
      clock: io.clock,
      pause,
      random: () => io.random(),
      signal,
      onWait(reason, ms) {
        if (io.clock.now() - told < WAIT_TOLD_EVERY_MS) return;
        told = io.clock.now();
        display.say(`${reason} Trying again in ${(ms / 1_000).toFixed(1)} s.`);
      },
    });
    counts = await runIngestor(
      {
        file,
        ...(realtime && { realtime: { speed, max_gap_ms: options.maxGap } }),
        now: options.now === true,
        batch_rows: options.batch,
        ...(progress && { resume: progress }),
      },
      {
        client,
        rejects: tellingRejects(rejectsFile || undefined, display),
        clock: io.clock,
        pause,
        signal,
        onNotice: (sentence) => display.say(sentence),
        onCounts(present) {
          counts = present;
          const share = present.bytes === 0 ? 1 : present.bytes_read / present.bytes;
          display.update(share, noteOf(present, meter(present.rows)));
        },
      },
    );
    display.stop();
    summarise(true);
  } catch (error) {
    display.stop();
    if (counts !== undefined) summarise(false);
    if (signal.aborted) throw new Interrupted(howToGoOn(file, options));
    throw error;
  } finally {
    display.stop();
    if (rejectsFile) await rejectsFile.close();
  }
}

/** Where to, and whether it may be looked for again when the server has moved. */
function targetOf(options: Options, io: CommandIo, mintLocalToken: MintLocalToken) {
  const { url, tenant, dataDir } = options;
  const token = options.token ?? io.env("FORESIGHT_TOKEN");
  if (url !== undefined && !URL.canParse(url))
    throw new ForesightError(
      "invalid_request",
      `--url ${url} is no address; write for example ${DEFAULT_URL}.`,
    );
  const mint = () => mintLocalToken({ tenant, ...(dataDir !== undefined && { data_dir: dataDir }) });
  if (token !== undefined)
    return { relocatable: false, locate: async () => ({ url: url ?? DEFAULT_URL, token }) };
  if (url === undefined) return { relocatable: true, locate: mint };
  return {
    relocatable: false,
    locate: async () => {
      const local = await mint().catch(() => undefined);
      if (local !== undefined && sameServer(local.url, url)) return { url, token: local.token };
      throw new ForesightError(
        "invalid_request",
        `The server at ${url} is not this machine's own: name a token for it with --token. ` +
          "Make one there with `foresight token --tenant T --role ingest`.",
      );
    },
  };
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function sameServer(a: string, b: string): boolean {
  const [one, other] = [new URL(a), new URL(b)];
  const sameHost =
    one.hostname === other.hostname || (LOOPBACK.has(one.hostname) && LOOPBACK.has(other.hostname));
  return sameHost && one.port === other.port && one.protocol === other.protocol;
}

/** The first reasons are told at once; all of them go into the file, where there is one. */
function tellingRejects(file: RejectsFile | undefined, display: ProgressDisplay): RejectsFile {
  let shown = 0;
  return {
    async add(rejects) {
      for (const { line, reason } of rejects.slice(0, Math.max(0, REASONS_SHOWN - shown))) {
        shown += 1;
        display.say(`Line ${line} rejected: ${reason}.`);
      }
      await file?.add(rejects);
    },
    close: async () => file?.close(),
  };
}

function noteOf(counts: IngestorCounts, rate: number): string {
  const lag = (counts.lag_ms / 1_000).toFixed(1);
  return `${rate}/s, lag ${lag} s, accepted ${counts.accepted}, duplicate ${counts.duplicates}, rejected ${counts.rejected}`;
}

/** Without the token: it would end up in the terminal's history and in logs. */
function howToGoOn(file: string, options: Options): string {
  const parts = ["foresight sensor-ingestor", /\s/.test(file) ? `"${file}"` : file];
  if (options.realtime) parts.push("--realtime");
  if (options.speed !== undefined) parts.push(`--speed ${options.speed}`);
  if (options.now) parts.push("--now");
  if (options.rejects !== undefined) parts.push(`--rejects ${options.rejects}`);
  if (options.url !== undefined) parts.push(`--url ${options.url}`);
  if (options.token !== undefined) parts.push("--token …");
  else if (options.tenant !== "demo") parts.push(`--tenant ${options.tenant}`);
  return `Interrupted. Go on with: ${parts.join(" ")} --resume`;
}
