/**
 * Real servers without Docker, for trying FORESIGHT on them and for developing its adapters:
 * `npm run -s services -- up | status | down`. `up` leaves them running in the background; their data is in a
 * temporary folder and goes with `down`.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { howToInstall, missingPrograms } from "../lib/testing/services/programs.ts";
import { type ServiceAddresses, startServices } from "../lib/testing/services/services.ts";

interface Running {
  pid: number;
  addresses: ServiceAddresses;
}

const self = fileURLToPath(import.meta.url);
const project = createHash("sha256").update(self).digest("hex").slice(0, 12);
const folder = join(tmpdir(), `foresight-services-${process.getuid?.() ?? 0}-${project}`);
const state_file = join(folder, "running.json");
const log_file = join(folder, "services.log");

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function running(): Promise<Running | undefined> {
  const text = await readFile(state_file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as Running;
  return alive(state.pid) ? state : undefined;
}

const print = ({ addresses }: Running): void => {
  for (const [name, value] of Object.entries(addresses)) process.stdout.write(`${name}=${value}\n`);
};

async function up(): Promise<number> {
  const already = await running();
  if (already) {
    process.stderr.write("They are running already.\n");
    print(already);
    return 0;
  }
  const missing = missingPrograms(false);
  if (missing.length > 0) {
    process.stderr.write(`Not found: ${missing.join(", ")}. Try: ${howToInstall(missing)}\n`);
    return 1;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(state_file, { force: true });
  const log = openSync(log_file, "w", 0o600);
  const holder = spawn(process.execPath, ["--import", "tsx", self, "hold"], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  let ended = false;
  holder.once("exit", () => {
    ended = true;
  });
  const interrupted = () => {
    holder.kill("SIGTERM");
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  for (;;) {
    const state = await running();
    if (state) {
      print(state);
      holder.unref();
      return 0;
    }
    if (ended) {
      process.stderr.write(await readFile(log_file, "utf8"));
      return 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function down(): Promise<number> {
  const state = await running();
  if (!state) {
    process.stderr.write("They are not running.\n");
    return 0;
  }
  process.kill(state.pid, "SIGTERM");
  while (alive(state.pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  return 0;
}

async function status(): Promise<number> {
  const state = await running();
  if (!state) {
    process.stderr.write("They are not running. Start them: npm run -s services -- up\n");
    return 1;
  }
  print(state);
  return 0;
}

/** The process in the background whose end is the servers' end. */
async function hold(): Promise<number> {
  const told = new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  const first = await Promise.race([startServices(), told.then(() => undefined)]);
  // Told to end while starting: leaving ends what has started, by the guard.
  if (!first) return 1;
  const state: Running = { pid: process.pid, addresses: first.addresses };
  await writeFile(`${state_file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${state_file}.new`, state_file);
  // The servers' processes are not waited for: something has to keep this one.
  const stay = setInterval(() => {}, 60_000);
  await told;
  clearInterval(stay);
  await first.stop();
  await rm(state_file, { force: true });
  return 0;
}

const commands: Record<string, () => Promise<number>> = { up, down, status, hold };
const command = commands[process.argv[2] ?? ""];
if (!command) {
  process.stderr.write("Usage: npm run -s services -- up | status | down\n");
  process.exit(2);
}
process.exit(
  await command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }),
);
