import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../adapters/embedded/store.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { readConfig } from "../config.ts";
import { createLogger } from "../logger.ts";
import { systemClock } from "../system-clock.ts";

/**
 * Opens the store of the data directory, beside a running server if there is one, for one command.
 * @throws ForesightError `not_found` where no server ever ran on the directory
 */
export async function withStore<T>(
  options: { dataDir?: string },
  use: (store: Store, data_dir: string, secret?: string) => Promise<T>,
): Promise<T> {
  const { data_dir, secret, log_level } = readConfig({ data_dir: options.dataDir });
  if (!existsSync(join(data_dir, "store.db")))
    throw new ForesightError(
      "not_found",
      `There is no FORESIGHT data in ${data_dir}; start the server once, or name the folder with --data-dir.`,
    );
  const store = openStore({ data_dir, clock: systemClock, logger: createLogger(log_level) });
  await store.start();
  try {
    return await use(store, data_dir, secret);
  } finally {
    await store.stop();
  }
}
