import { deriveKeys } from "../../auth/keys.ts";
import { issueToken } from "../../auth/tokens.ts";
import { ForesightError } from "../../domain/errors.ts";
import { readConfig } from "../config.ts";
import { loadSecret } from "../secret.ts";
import { readServerFile } from "../server-file.ts";
import { systemClock } from "../system-clock.ts";
import { withStore } from "./with-store.ts";

const TTL_MS = 24 * 3_600_000;

/**
 * Finds the server of this machine's data directory and mints a token that may only post readings.
 * @throws ForesightError `unavailable` where none runs, `not_found` for an unknown tenant
 */
export async function localIngestToken(options: {
  tenant: string;
  data_dir?: string;
}): Promise<{ url: string; token: string }> {
  const { data_dir } = readConfig({ data_dir: options.data_dir });
  const server = await readServerFile(data_dir);
  if (server === undefined)
    throw new ForesightError(
      "unavailable",
      `No FORESIGHT server runs on ${data_dir}. Start one with ./scripts/start.sh, or name another with --url and --token.`,
    );
  return withStore({ dataDir: data_dir }, async (store, _, secret) => {
    if ((await store.tenant(options.tenant)) === undefined)
      throw new ForesightError(
        "not_found",
        `There is no tenant "${options.tenant}"; \`foresight tenant list\` shows them.`,
      );
    const keys = deriveKeys(await loadSecret(data_dir, secret));
    const { token } = await issueToken(
      { store, keys, clock: systemClock },
      {
        tenant_id: options.tenant,
        role: "ingest",
        name: "sensor-ingestor",
        ttl_ms: TTL_MS,
        by: "command line",
      },
    );
    return { url: server.url, token };
  });
}
