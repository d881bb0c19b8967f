import { defineConfig } from "vitest/config";

/** The tests that need real servers: `npx vitest run -c vitest.servers.config.ts`. */
export default defineConfig({
  test: {
    include: ["lib/**/*.servers.test.ts"],
    environment: "node",
    pool: "forks",
    // One for each core of the smallest machine; the default leaves one idle.
    maxWorkers: 2,
    globalSetup: ["lib/testing/services/vitest-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
