/** Builds what `foresight start` runs: the server, its workers and the command line into dist/, the pages into .next/. */
import { spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { fingerprint } from "./fingerprint.mjs";

const ENTRIES = {
  cli: "cli.ts",
  "log-worker": "lib/adapters/embedded/log-worker.ts",
  "store-worker": "lib/adapters/embedded/store-worker.ts",
  "processor-worker": "lib/runtime/processor-worker.ts",
};

async function bundleServer(): Promise<void> {
  await rm("dist", { recursive: true, force: true });
  await build({
    entryPoints: Object.entries(ENTRIES).map(([out, path]) => ({ out, in: path })),
    outdir: "dist",
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20.19",
    format: "esm",
    sourcemap: true,
    logLevel: "warning",
  });
}

function buildPages(): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    next.on("error", reject);
    next.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`next build ended with ${code}`))));
  });
}

// Taken before: what changes while it builds makes the build stale.
const sources = fingerprint(process.cwd());
await Promise.all([bundleServer(), buildPages()]);
await writeFile("dist/built", sources);
