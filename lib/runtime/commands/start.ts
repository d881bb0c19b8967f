import type { Command } from "commander";
import { wholeOption } from "../../ingest/option-parsers.ts";

interface StartOptions {
  port?: number;
  host?: string;
  dataDir?: string;
  demo?: boolean;
  dev?: boolean;
}

export function registerStart(
  program: Command,
  serve: (options: {
    port?: number;
    host?: string;
    data_dir?: string;
    demo?: boolean;
    dev?: boolean;
  }) => Promise<void>,
): void {
  program
    .command("start")
    .description("start the server: dashboard, API, Socket.IO and WebSockets on one port")
    .option("--port <n>", "port to listen on (PORT, 8000)", wholeOption(0, 65_535))
    .option("--host <address>", "address to listen on (HOST, 127.0.0.1)")
    .option("--data-dir <folder>", "where readings, accounts and secrets are kept (DATA_DIR, ./data)")
    .option("--demo", "stream a generated plant into the demo tenant")
    .option("--dev", "run from the sources with hot reload")
    .addHelpText(
      "after",
      "\nExamples:\n  foresight start --demo\n  foresight start --port 9000 --data-dir /var/lib/foresight\n",
    )
    .action(async ({ dataDir, ...options }: StartOptions) => {
      await serve({ ...options, ...(dataDir !== undefined && { data_dir: dataDir }) });
    });
}
