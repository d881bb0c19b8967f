import type { Command } from "commander";
import { ForesightError } from "../../domain/errors.ts";
import { type CommandIo, Interrupted } from "../../ingest/command-io.ts";
import { createProgressDisplay } from "../../ingest/progress-display.ts";
import { readPlaces } from "../config.ts";
import { createLogger } from "../logger.ts";
import { createMetrics } from "../metrics.ts";
import type { Comparison } from "../migrate/digest.ts";
import { migrateInstallation } from "../migrate/migrate.ts";

interface Options {
  toMongodb?: string;
  toKafka?: string;
  dataDir?: string;
  json?: boolean;
}

const EXAMPLE = `
Carried over: tenants, users, tokens, rules, models, uploads, assets, readings, health scores, alerts with every event,
and what judging goes on from. Not carried over: the event log (what is in it is processed first) and browser sessions.
Clients come back with cursors of the old log and are answered by "reset" and a snapshot. People sign in again; tokens
stay valid where NEXTAUTH_SECRET is what the old server signed with (DATA_DIR/secret, where it was generated).

Stop the server first. Cut off at any point, the same command goes on where it was. Other settings of the servers
(KAFKA_SSL, KAFKA_TOPIC_PREFIX, KAFKA_PARTITIONS …) are taken from the environment.

Example:
  foresight migrate --data-dir ./data \\
    --to-mongodb 'mongodb://localhost:27017/foresight?replicaSet=rs0' --to-kafka localhost:9092
`;

function print(compared: readonly Comparison[]): void {
  const rows = compared.map(({ tenant_id, part, source, target, sha256, same }) => [
    tenant_id,
    part,
    String(source),
    String(target),
    sha256.slice(0, 16),
    same ? "same" : "DIFFERENT",
  ]);
  const all = [["tenant", "part", "source", "target", "checksum", ""], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  for (const row of all)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd()}\n`,
    );
}

export function registerMigrate(program: Command, io: CommandIo): void {
  program
    .command("migrate")
    .description("carry a data directory over to MongoDB and Kafka, and compare")
    .option("--to-mongodb <uri>", "an empty database (MONGODB_URI)")
    .option("--to-kafka <brokers>", "host:port, several with commas between (KAFKA_BROKERS)")
    .option("--data-dir <folder>", "data directory to carry over (DATA_DIR, ./data)")
    .option("--json", "the comparison as JSON lines")
    .addHelpText("after", EXAMPLE)
    .action(async (options: Options) => {
      const places = readPlaces({
        ...(options.dataDir !== undefined && { data_dir: options.dataDir }),
        ...(options.toKafka !== undefined && { kafka_brokers: options.toKafka }),
        ...(options.toMongodb !== undefined && { mongodb_uri: options.toMongodb }),
      });
      const { servers, log_level } = places;
      if (servers === undefined)
        throw new ForesightError("invalid_request", "Say where to: --to-mongodb URI --to-kafka BROKERS.");
      const display = createProgressDisplay(io, "migrate");
      try {
        const compared = await migrateInstallation({
          ...places,
          servers,
          clock: io.clock,
          logger: createLogger(log_level),
          metrics: createMetrics(),
          say: display.say,
          progress: display.update,
          proceed() {
            if (io.interrupted.aborted)
              throw new Interrupted("Interrupted. Run the same command again: it goes on where it was.");
          },
        });
        display.stop();
        if (options.json) for (const one of compared) process.stdout.write(`${JSON.stringify(one)}\n`);
        else print(compared);
        const different = compared.filter(({ same }) => !same).length;
        if (different > 0)
          throw new ForesightError(
            "conflict",
            `${different} of ${compared.length} parts differ, and servers refuse this database. The data directory is as it was.`,
          );
        process.stderr.write(
          `All ${compared.length} parts are the same. Start the new servers, with the old one's secret as NEXTAUTH_SECRET; ` +
            "the log was not carried over, so clients are answered by a reset and a snapshot. The data directory is as it was.\n",
        );
      } finally {
        display.stop();
      }
    });
}
