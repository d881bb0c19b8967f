#!/usr/bin/env node
// Runs the built program where it matches the sources, and the sources themselves (through tsx) where it does
// not, so that the data tools need no build. `start` builds first.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fingerprint } from "../scripts/fingerprint.mjs";

process.env.NEXT_TELEMETRY_DISABLED ??= "1";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, "dist", "built");
const isFresh = () => existsSync(built) && readFileSync(built, "utf8") === fingerprint(root);

const [command, ...rest] = process.argv.slice(2);
const serves = command === "start" && !rest.includes("--dev") && !rest.includes("--help");
if (serves && !isFresh()) {
  process.stderr.write("Building FORESIGHT (about half a minute, once) …\n");
  const build = spawnSync(process.execPath, ["--import", "tsx", join(root, "scripts", "build.ts")], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (build.status !== 0) {
    process.stderr.write("The build failed; what it printed above says why.\n");
    process.exit(1);
  }
}
if (isFresh()) await import(pathToFileURL(join(root, "dist", "cli.js")).href);
else {
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(join(root, "cli.ts")).href);
}
