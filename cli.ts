import { Command, CommanderError } from "commander";
import { isForesightError } from "./lib/domain/errors.ts";
import { registerConvertCmapss } from "./lib/ingest/convert-cmapss-command.ts";
import { registerSensorIngestor } from "./lib/ingest/sensor-ingestor-command.ts";
import { registerDoctor } from "./lib/runtime/commands/doctor.ts";
import { EXIT } from "./lib/runtime/commands/exit-codes.ts";
import { localIngestToken } from "./lib/runtime/commands/local-token.ts";
import { registerStart } from "./lib/runtime/commands/start.ts";
import { registerTenant } from "./lib/runtime/commands/tenant.ts";
import { registerToken } from "./lib/runtime/commands/token.ts";
import { registerUser } from "./lib/runtime/commands/user.ts";
import { systemClock } from "./lib/runtime/system-clock.ts";
import { serve } from "./server.ts";

const program = new Command("foresight")
  .description("Real-time predictive maintenance: stream sensor readings in, see and hear what they mean.")
  .showHelpAfterError("(--help shows how)")
  .exitOverride();

registerStart(program, serve);
registerConvertCmapss(program, { stdout: process.stdout, stderr: process.stderr, clock: systemClock });
registerSensorIngestor(program, {
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  mintLocalToken: localIngestToken,
});
registerToken(program);
registerUser(program);
registerTenant(program);
registerDoctor(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (isForesightError(error)) {
    process.stderr.write(`${error.message}\n`);
    process.exit(error.code === "invalid_request" ? EXIT.usage : EXIT.failed);
  } else {
    process.stderr.write(`Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(EXIT.failed);
  }
}
