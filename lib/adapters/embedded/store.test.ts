import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import type { Store } from "../../ports/store.ts";
import { fakeClock, fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { describeStore } from "../../testing/store-contract.ts";
import { openStore } from "./store.ts";

function harnessOf(make: (data_dir: string) => Store) {
  return async () => {
    const data_dir = mkdtempSync(join(tmpdir(), "foresight-store-"));
    const opened: Store[] = [];
    return {
      open() {
        const store = make(data_dir);
        opened.push(store);
        return store;
      },
      async dispose() {
        for (const store of opened) await store.stop();
        rmSync(data_dir, { recursive: true });
      },
    };
  };
}

describeStore(
  "the store in this thread",
  harnessOf((data_dir) => openStore({ data_dir, clock: fakeClock() })),
);

/** Bundled as for production: threads start ten times faster than from the sources, and it must work too. */
let bundle: string;
let createEmbeddedStore: typeof import("./store-proxy.ts").createEmbeddedStore;
beforeAll(async () => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  // Where the bundle finds the packages.
  bundle = mkdtempSync(join(here, "../../../node_modules/.foresight-test-"));
  writeFileSync(join(bundle, "package.json"), '{"type":"module"}');
  await build({
    entryPoints: [join(here, "store-proxy.ts"), join(here, "store-worker.ts")],
    outdir: bundle,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  ({ createEmbeddedStore } = await import(pathToFileURL(join(bundle, "store-proxy.js")).href));
});
afterAll(() => rmSync(bundle, { recursive: true }));

describeStore(
  "the store in its own thread",
  harnessOf((data_dir) =>
    createEmbeddedStore({ data_dir, clock: fakeClock(), logger: fakeLogger(), metrics: fakeMetrics() }),
  ),
);
