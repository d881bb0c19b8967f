import { type Command, Option } from "commander";
import { deriveKeys } from "../../auth/keys.ts";
import { issueToken } from "../../auth/tokens.ts";
import { ForesightError } from "../../domain/errors.ts";
import { ROLES, type Role } from "../../domain/identity.ts";
import { durationOption } from "../../ingest/option-parsers.ts";
import { loadSecret } from "../secret.ts";
import { systemClock } from "../system-clock.ts";
import { withStore } from "./with-store.ts";

interface TokenOptions {
  tenant: string;
  role: Role;
  ttl: number;
  name: string;
  dataDir?: string;
}

export function registerToken(program: Command): void {
  program
    .command("token")
    .description("print one token for sockets' ?token= or for Authorization: Bearer")
    .requiredOption("--tenant <id>", "tenant that the token speaks for")
    .addOption(new Option("--role <role>", "what it may do").choices(ROLES).makeOptionMandatory())
    .addOption(
      new Option("--ttl <duration>", "how long it is valid: 90s, 10m, 24h, 30d")
        .argParser(durationOption)
        .default(3_600_000, "1h"),
    )
    .option("--name <text>", "shown in the list of tokens", "command line")
    .option("--data-dir <folder>", "data directory (DATA_DIR, ./data)")
    .addHelpText("after", "\nExample:\n  foresight token --tenant demo --role viewer --ttl 24h\n")
    .action(async ({ tenant, role, ttl, name, dataDir }: TokenOptions) => {
      await withStore({ dataDir }, async (store, data_dir, secret) => {
        if ((await store.tenant(tenant)) === undefined)
          throw new ForesightError(
            "not_found",
            `There is no tenant "${tenant}"; \`foresight tenant list\` shows them.`,
          );
        const keys = deriveKeys(await loadSecret(data_dir, secret));
        const { token } = await issueToken(
          { store, keys, clock: systemClock },
          { tenant_id: tenant, role, name, ttl_ms: ttl, by: "command line" },
        );
        process.stdout.write(`${token}\n`);
      });
    });
}
