import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../adapters/embedded/store.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { readConfig } from "../config.ts";
import { createLogger } from "../logger.ts";
import { createMetrics } from "../metrics.ts";
import { openMongoStore } from "../server-adapters.ts";
import { systemClock } from "../system-clock.ts";

/**
 * Opens the store of the data directory, or MongoDB where MONGODB_URI says so, beside a running server if there is one, for one command.
 * @throws ForesightError `not_found` where no server ever ran on the directory
 */
export async function withStore<T>(
  options: { dataDir?: string },
  use: (store: Store, data_dir: string, secret?: string) => Promise<T>,
): Promise<T> {
  const { data_dir, secret, log_level, servers } = readConfig({ data_dir: options.dataDir });
  const logger = createLogger(log_level);
  if (servers === undefined && !existsSync(join(data_dir, "store.db")))
    throw new ForesightError(
      "not_found",
      `There is no FORESIGHT data in ${data_dir}; start the server once, or name the folder with --data-dir.`,
    );
  const store =
    servers === undefined
      ? openStore({ data_dir, clock: systemClock, logger })
      : openMongoStore({ servers, clock: systemClock, logger, metrics: createMetrics() }, "command");
  await store.start();
  try {
    return await use(store, data_dir, secret);
  } finally {
    await store.stop();
  }
}
