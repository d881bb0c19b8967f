/**
 * Runs every check in turn and ends with the totals. A stage counts as one test where the tool counts none.
 * `--only NAME[,NAME]` runs a part.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { howToInstall, missingPrograms } from "../lib/testing/services/programs.ts";
import { ensureChromium } from "./browser.ts";

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}
interface Stage {
  name: string;
  run(folder: string): Promise<Totals>;
}

const bin = (name: string) => join("node_modules", ".bin", name);

function run(
  command: string,
  args: string[],
  options: { quiet?: boolean; env?: Record<string, string> } = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: options.quiet ? "ignore" : ["ignore", "inherit", "inherit"],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...options.env },
    });
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

const single = (ok: boolean): Totals => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });
const command = (name: string, program: string, args: string[]): Stage => ({
  name,
  run: async () => single((await run(program, args)) === 0),
});

/** The rules must be able to fail: a deliberately illegal import has to be seen. */
async function illegalImportIsSeen(): Promise<Totals> {
  const code = await run(bin("depcruise"), ["--config", ".dependency-cruiser.cjs", "lib/testing/illegal"], {
    quiet: true,
  });
  if (code === 0)
    process.stdout.write("The import rules did not see the illegal import of lib/testing/illegal.\n");
  return single(code !== 0 && code !== 127);
}

async function vitest(folder: string, args: string[] = []): Promise<Totals> {
  const report = join(folder, "vitest.json");
  const code = await run(bin("vitest"), [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const result = JSON.parse(await readFile(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numFailedTestSuites: number;
  };
  const failed = Math.max(result.numFailedTests, result.numFailedTestSuites, code === 0 ? 0 : 1);
  return { passed: result.numPassedTests, failed, skipped: result.numPendingTests };
}

let left_out = "";

/** What needs real servers; without the servers' programs it is left out and said to be, but never on CI. */
async function onServers(test: () => Promise<Totals>): Promise<Totals> {
  const ci = process.env.CI === "true";
  const missing = missingPrograms(ci);
  if (missing.length === 0) return test();
  const why = `${missing.join(", ")} not found. To include them: ${howToInstall(missing)}`;
  if (ci) throw new Error(`The tests on real Kafka, MongoDB and Redis could not run: ${why}`);
  left_out = `The tests on real Kafka, MongoDB and Redis were left out: ${why}`;
  return { passed: 0, failed: 0, skipped: 0 };
}

async function playwright(
  folder: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Totals> {
  const report = join(folder, "playwright.json");
  const chromium = ensureChromium();
  const code = await run(bin("playwright"), ["test", "--reporter=list,json", ...args], {
    env: { ...env, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const { stats } = JSON.parse(await readFile(report, "utf8")) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  };
  const failed = Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1);
  return { passed: stats.expected, failed, skipped: stats.skipped };
}

const STAGES: Stage[] = [
  command("lint", bin("biome"), ["check", "--error-on-warnings", "."]),
  command("types", bin("tsc"), ["--noEmit", "-p", "."]),
  command("imports", bin("depcruise"), [
    "--config",
    ".dependency-cruiser.cjs",
    "lib",
    "app",
    "server.ts",
    "cli.ts",
    "--exclude",
    "^lib/testing/illegal|node_modules",
  ]),
  { name: "illegal-import", run: illegalImportIsSeen },
  { name: "tests", run: (folder) => vitest(folder) },
  {
    name: "servers",
    run: (folder) => onServers(() => vitest(folder, ["--config", "vitest.servers.config.ts"])),
  },
  command("build", process.execPath, ["--import", "tsx", "scripts/build.ts"]),
  { name: "browser", run: (folder) => playwright(folder) },
  {
    name: "browser on servers",
    run: (folder) =>
      onServers(() => playwright(folder, ["--grep", "@servers", "--workers", "1"], { E2E_SERVERS: "1" })),
  },
  command("faults", process.execPath, ["--import", "tsx", "scripts/faults/run.ts", "quick"]),
];

const only = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1]!.split(",")
  : undefined;
const folder = await mkdtemp(join(tmpdir(), "foresight-check-"));
const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const stage of STAGES) {
    if (only && !only.includes(stage.name)) continue;
    const started = performance.now();
    process.stdout.write(`\n== ${stage.name}\n`);
    const result = await stage.run(folder).catch((error: unknown): Totals => {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return single(false);
    });
    totals.passed += result.passed;
    totals.failed += result.failed;
    totals.skipped += result.skipped;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`== ${stage.name}: ${result.failed === 0 ? "ok" : "FAILED"} in ${seconds} s\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (left_out) process.stdout.write(`\n${left_out}\n`);
process.stdout.write(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}\n`,
);
process.exit(totals.failed === 0 ? 0 : 1);
