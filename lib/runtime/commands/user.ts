import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { hashPassword } from "../../auth/passwords.ts";
import { ForesightError } from "../../domain/errors.ts";
import { ROLES, type Role } from "../../domain/identity.ts";
import { formatTimestamp } from "../../domain/time.ts";
import { systemClock } from "../system-clock.ts";
import { withStore } from "./with-store.ts";

const LEAST_PASSWORD = 8;

/** The password from standard input where one is piped in, else a generated one, printed once. */
async function choosePassword(): Promise<{ password: string; generated: boolean }> {
  if (process.stdin.isTTY) return { password: randomBytes(12).toString("base64url"), generated: true };
  const given = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (given === "") return { password: randomBytes(12).toString("base64url"), generated: true };
  if (given.length < LEAST_PASSWORD)
    throw new ForesightError("invalid_request", `A password has at least ${LEAST_PASSWORD} characters.`);
  return { password: given, generated: false };
}

const tellGenerated = (generated: boolean, password: string) => {
  if (generated) process.stdout.write(`${password}\n`);
};

export function registerUser(program: Command): void {
  const user = program.command("user").description("people's accounts");
  const dataDir = () => new Option("--data-dir <folder>", "data directory (DATA_DIR, ./data)");

  user
    .command("add <username>")
    .description("add a person; the password comes from standard input or is generated and printed once")
    .requiredOption("--tenant <id>", "tenant")
    .addOption(
      new Option("--role <role>", "role")
        .choices(ROLES.filter((role) => role !== "ingest"))
        .makeOptionMandatory(),
    )
    .addOption(dataDir())
    .addHelpText("after", "\nExample:\n  foresight user add anna@plant --tenant demo --role operator\n")
    .action(async (username: string, options: { tenant: string; role: Role; dataDir?: string }) => {
      await withStore(options, async (store) => {
        const { password, generated } = await choosePassword();
        await store.addUser({
          username,
          tenant_id: options.tenant,
          role: options.role,
          password_hash: await hashPassword(password),
          disabled: false,
          created_at: systemClock.now(),
        });
        process.stderr.write(`Added ${username} to ${options.tenant} as ${options.role}.\n`);
        tellGenerated(generated, password);
      });
    });

  user
    .command("list")
    .description("list people")
    .option("--tenant <id>", "only of this tenant")
    .option("--json", "as JSON")
    .addOption(dataDir())
    .action(async (options: { tenant?: string; json?: boolean; dataDir?: string }) => {
      await withStore(options, async (store) => {
        const users = (await store.users(options.tenant)).map(
          ({ username, tenant_id, role, disabled, created_at }) => ({
            username,
            tenant_id,
            role,
            disabled,
            created_at: formatTimestamp(created_at),
          }),
        );
        if (options.json) process.stdout.write(`${JSON.stringify(users)}\n`);
        else
          for (const { username, tenant_id, role, disabled } of users)
            process.stdout.write(`${username}\t${tenant_id}\t${role}${disabled ? "\tdisabled" : ""}\n`);
      });
    });

  user
    .command("passwd <username>")
    .description("set a new password, from standard input or generated; ends the person's sessions")
    .addOption(dataDir())
    .action(async (username: string, options: { dataDir?: string }) => {
      await withStore(options, async (store) => {
        const { password, generated } = await choosePassword();
        await store.updateUser(username, { password_hash: await hashPassword(password) }, systemClock.now());
        process.stderr.write(`${username} has a new password; open sessions end.\n`);
        tellGenerated(generated, password);
      });
    });

  for (const [name, disabled] of [
    ["disable", true],
    ["enable", false],
  ] as const)
    user
      .command(`${name} <username>`)
      .description(
        disabled
          ? "lock a person out; sessions and sockets end within seconds"
          : "let a disabled person in again",
      )
      .addOption(dataDir())
      .action(async (username: string, options: { dataDir?: string }) => {
        await withStore(options, async (store) => {
          await store.updateUser(username, { disabled }, systemClock.now());
          process.stderr.write(`${username} is ${disabled ? "disabled" : "enabled"}.\n`);
        });
      });
}
