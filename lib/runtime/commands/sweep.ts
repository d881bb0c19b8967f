import type { Command } from "commander";
import { sweepDatabase } from "../../adapters/mongo/sweep.ts";
import { ForesightError } from "../../domain/errors.ts";
import { readPlaces } from "../config.ts";
import { systemClock } from "../system-clock.ts";

export function registerSweep(program: Command): void {
  program
    .command("sweep")
    .description("remove from MongoDB what a writer that died left behind, beside running servers")
    .option("--dry-run", "only count it")
    .addHelpText(
      "after",
      `
A chunk of readings that no sensor names, older than an hour, costs space and nothing else. What expires by a tenant's
retention MongoDB removes itself; the data directory never holds such chunks.

Example:
  foresight sweep --dry-run
`,
    )
    .action(async (options: { dryRun?: boolean }) => {
      const { servers } = readPlaces();
      if (servers === undefined)
        throw new ForesightError(
          "invalid_request",
          "There is something to sweep only in MongoDB: set MONGODB_URI and KAFKA_BROKERS.",
        );
      const dry = options.dryRun === true;
      const { chunks, nodes } = await sweepDatabase(servers.mongodb_uri, { now: systemClock.now(), dry });
      process.stdout.write(`${chunks} chunks and ${nodes} nodes ${dry ? "would be" : "were"} removed\n`);
    });
}
