import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["lib/**/*.test.ts", "app/**/*.test.ts", "app/**/*.test.tsx"],
    exclude: ["lib/**/*.servers.test.ts"],
    environment: "node",
    pool: "forks",
    // One for each core of the smallest machine; the default leaves one idle.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
