import type { Server } from "node:http";
import { ForesightError } from "../domain/errors.ts";
import type { Logger } from "../ports/system.ts";

/** @throws ForesightError `conflict` where the port is taken, `forbidden` where this user may not have it */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        reject(
          new ForesightError(
            "conflict",
            `Port ${port} on ${host} is taken by another program; stop it or choose another with --port.`,
          ),
        );
      else if (error.code === "EACCES")
        reject(
          new ForesightError(
            "forbidden",
            `This user may not listen on port ${port}; choose one above 1023 with --port.`,
          ),
        );
      else if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
        reject(
          new ForesightError(
            "invalid_request",
            `${host} is no address of this machine; choose another with --host.`,
          ),
        );
      else reject(error);
    });
    server.listen(port, host, () => resolve());
  });
}

/** A stop that takes longer is cut off: whatever is acknowledged is durable already. */
const STOP_WITHIN_MS = 4_500;

/** Runs `stop` once on SIGINT or SIGTERM and ends the process; a defect that nobody caught ends it with 1. */
export function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = (code: number) => {
    if (stopping) return;
    stopping = true;
    const late = setTimeout(() => {
      logger.warn({ within_ms: STOP_WITHIN_MS }, "did not stop in time and is cut off");
      process.exit(code);
    }, STOP_WITHIN_MS);
    stop()
      .catch((error: unknown) => logger.error({ error: String(error) }, "stopping failed"))
      .finally(() => {
        clearTimeout(late);
        process.exit(code);
      });
  };
  process.on("SIGINT", () => end(0));
  process.on("SIGTERM", () => end(0));
  for (const kind of ["uncaughtException", "unhandledRejection"] as const)
    process.on(kind, (error: unknown) => {
      logger.error({ error: error instanceof Error ? error.stack : String(error) }, kind);
      end(1);
    });
}
