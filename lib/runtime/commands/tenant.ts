import type { Command } from "commander";
import { DEFAULT_RULES } from "../../domain/default-rules.ts";
import { ForesightError } from "../../domain/errors.ts";
import { tenantIdSchema } from "../../domain/identity-schema.ts";
import { systemClock } from "../system-clock.ts";
import { withStore } from "./with-store.ts";

export function registerTenant(program: Command): void {
  const tenant = program.command("tenant").description("tenants");

  tenant
    .command("add <id>")
    .description("add a tenant with the default alert rules")
    .option("--name <text>", "shown to people (the id)")
    .option("--data-dir <folder>", "data directory (DATA_DIR, ./data)")
    .addHelpText("after", "\nExample:\n  foresight tenant add north-plant --name 'North plant'\n")
    .action(async (id: string, options: { name?: string; dataDir?: string }) => {
      const parsed = tenantIdSchema.safeParse(id);
      if (!parsed.success)
        throw new ForesightError("invalid_request", `"${id}": ${parsed.error.issues[0]!.message}.`);
      await withStore(options, async (store) => {
        await store.addTenant(
          { tenant_id: id, name: options.name ?? id, created_at: systemClock.now() },
          DEFAULT_RULES,
        );
        process.stderr.write(`Added the tenant ${id}.\n`);
      });
    });

  tenant
    .command("list")
    .description("list tenants")
    .option("--json", "as JSON")
    .option("--data-dir <folder>", "data directory (DATA_DIR, ./data)")
    .action(async (options: { json?: boolean; dataDir?: string }) => {
      await withStore(options, async (store) => {
        const tenants = await store.tenants();
        if (options.json) process.stdout.write(`${JSON.stringify(tenants)}\n`);
        else for (const { tenant_id, name } of tenants) process.stdout.write(`${tenant_id}\t${name}\n`);
      });
    });
}
