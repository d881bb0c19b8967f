import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { storeReport } from "../../adapters/embedded/store-report.ts";
import { mongoReport } from "../../adapters/mongo/report.ts";
import { isForesightError } from "../../domain/errors.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { readServerFile } from "../server-file.ts";
import { EXIT } from "./exit-codes.ts";

interface Finding {
  part: string;
  ok: boolean;
  found: string;
  /** What to do, where it is not ok or could be better. */
  advice?: string;
}

const LEAST_FREE_BYTES = 512 * 1024 * 1024;
const LEAST_NODE: readonly [number, number] = [20, 19];

function checkNode(): Finding {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const ok = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    part: "node",
    ok,
    found: process.versions.node,
    ...(!ok && { advice: `Install Node ${LEAST_NODE.join(".")} or newer.` }),
  };
}

function checkDisk(data_dir: string): Finding {
  const { bavail, bsize } = statfsSync(data_dir);
  const free = Number(bavail) * Number(bsize);
  const ok = free >= LEAST_FREE_BYTES;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return { part: "disk", ok, found, ...(!ok && { advice: `Free some space on the disk of ${data_dir}.` }) };
}

function checkDirectory(data_dir: string): Finding {
  if (!existsSync(data_dir))
    return { part: "data directory", ok: true, found: `${data_dir} is made at the first start` };
  try {
    accessSync(data_dir, constants.R_OK | constants.W_OK | constants.X_OK);
    return { part: "data directory", ok: true, found: data_dir };
  } catch {
    return {
      part: "data directory",
      ok: false,
      found: `${data_dir} cannot be written`,
      advice: "Give this user the folder, or choose another with DATA_DIR.",
    };
  }
}

async function checkServer(data_dir: string): Promise<Finding[]> {
  const server = await readServerFile(data_dir);
  if (server === undefined) return [{ part: "server", ok: true, found: "none runs on this data directory" }];
  try {
    const response = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    const skew = Math.abs(Date.parse(response.headers.get("date") ?? "") - Date.now());
    const body = (await response.json()) as { parts?: Record<string, { ok: boolean; detail: string }> };
    return [
      { part: "server", ok: response.ok, found: `${server.url}, ${response.ok ? "ready" : "not ready"}` },
      {
        part: "clock",
        ok: !(skew > 5_000),
        found: skew > 5_000 ? `differs by ${Math.round(skew / 1000)} s` : "agrees",
        ...(skew > 5_000 && { advice: "Let NTP set the clocks." }),
      },
      ...Object.entries(body.parts ?? {}).map(
        ([part, { ok, detail }]): Finding => ({ part: `server: ${part}`, ok, found: detail }),
      ),
    ];
  } catch {
    return [
      {
        part: "server",
        ok: false,
        found: `${server.url} does not answer`,
        advice: "Look at what it logged; stop it and start it again.",
      },
    ];
  }
}

async function examine(config: Config): Promise<Finding[]> {
  const findings = [checkNode(), checkDirectory(config.data_dir)];
  const mongodb_uri = environment("MONGODB_URI");
  if (mongodb_uri) findings.push(...(await mongoReport(mongodb_uri)));
  if (!existsSync(config.data_dir)) return findings;
  findings.push(checkDisk(config.data_dir));
  if (existsSync(join(config.data_dir, "store.db"))) {
    const { ok, detail } = storeReport(config.data_dir);
    findings.push({
      part: "store",
      ok,
      found: detail,
      ...(!ok && { advice: "Stop the server and restore the folder from a backup." }),
    });
  }
  findings.push(...(await checkServer(config.data_dir)));
  return findings;
}

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check configuration, data, disk, clock and the running server, and say what to do")
    .option("--data-dir <folder>", "data directory (DATA_DIR, ./data)")
    .option("--json", "as JSON")
    .action(async (options: { dataDir?: string; json?: boolean }) => {
      let findings: Finding[];
      try {
        findings = await examine(readConfig({ data_dir: options.dataDir }));
      } catch (error) {
        if (!isForesightError(error)) throw error;
        findings = [{ part: "configuration", ok: false, found: error.message }];
      }
      if (options.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
      else
        for (const { part, ok, found, advice } of findings)
          process.stdout.write(
            `${ok ? "ok  " : "BAD "} ${part}: ${found}${advice ? `\n     ${advice}` : ""}\n`,
          );
      if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
    });
}
