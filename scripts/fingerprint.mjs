import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a build is made of, from the project's root. */
const SOURCES = [
  "app",
  "lib",
  "models",
  "public",
  "scripts/build.ts",
  "cli.ts",
  "server.ts",
  "proxy.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "package-lock.json",
];

/** @returns a hash of every source of the build: equal hashes mean that dist/ and .next/ need no rebuild */
export function fingerprint(root) {
  const hash = createHash("sha256");
  const add = (path) => {
    let content;
    try {
      content = readFileSync(join(root, path));
    } catch (error) {
      if (error.code === "ENOENT") return;
      if (error.code !== "EISDIR") throw error;
      for (const name of readdirSync(join(root, path)).sort()) add(`${path}/${name}`);
      return;
    }
    if (/\.test\.tsx?$/.test(path)) return;
    hash.update(path).update("\0").update(content);
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}
