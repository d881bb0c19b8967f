import { Command, CommanderError } from "commander";
import { isForesightError } from "./lib/domain/errors.ts";
import { type CommandIo, exitCodeOf } from "./lib/ingest/command-io.ts";
import { registerConvertCmapss } from "./lib/ingest/convert-cmapss-command.ts";
import { registerSensorIngestor } from "./lib/ingest/sensor-ingestor-command.ts";
import { registerDeadLetters } from "./lib/runtime/commands/dlq.ts";
import { registerDoctor } from "./lib/runtime/commands/doctor.ts";
import { EXIT } from "./lib/runtime/commands/exit-codes.ts";
import { registerModel } from "./lib/runtime/commands/life/model.ts";
import { registerScore } from "./lib/runtime/commands/life/score.ts";
import { registerTrain } from "./lib/runtime/commands/life/train.ts";
import { localIngestToken } from "./lib/runtime/commands/local-token.ts";
import { registerMigrate } from "./lib/runtime/commands/migrate.ts";
import { registerStart } from "./lib/runtime/commands/start.ts";
import { registerSweep } from "./lib/runtime/commands/sweep.ts";
import { registerTenant } from "./lib/runtime/commands/tenant.ts";
import { registerToken } from "./lib/runtime/commands/token.ts";
import { registerUser } from "./lib/runtime/commands/user.ts";
import { environment } from "./lib/runtime/config.ts";
import { systemClock } from "./lib/runtime/system-clock.ts";
import { serve } from "./server.ts";

const program = new Command("foresight")
  .description("Real-time predictive maintenance: stream sensor readings in, see and hear what they mean.")
  .showHelpAfterError("(--help shows how)")
  .exitOverride();

// `start` has its own handlers; for every other command Ctrl-C is this signal, so that it can tidy up.
const interrupted = new AbortController();
process.on("SIGINT", () => interrupted.abort());
const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  random: Math.random,
  env: environment,
  interrupted: interrupted.signal,
};

registerStart(program, serve);
registerConvertCmapss(program, io);
registerSensorIngestor(program, io, localIngestToken);
registerTrain(program, io);
registerScore(program, io);
registerModel(program, io);
registerToken(program);
registerUser(program);
registerTenant(program);
registerMigrate(program, io);
registerDeadLetters(program);
registerSweep(program);
registerDoctor(program);

try {
  await program.parseAsync();
} catch (error) {
  const code = exitCodeOf(error);
  if (!(error instanceof CommanderError))
    process.stderr.write(
      `${isForesightError(error) || code === EXIT.interrupted ? (error as Error).message : `Unexpected: ${error instanceof Error ? error.stack : String(error)}`}\n`,
    );
  process.exit(code);
}
