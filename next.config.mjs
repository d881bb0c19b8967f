import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Native modules and what is shared with the server's own module graph stay outside the bundles.
  serverExternalPackages: ["@node-rs/argon2", "@fastify/busboy", "jose", "libsql", "pino", "prom-client"],
  turbopack: {
    root: dirname(fileURLToPath(import.meta.url)),
    // The upload page reads the beginning of a file by the server's own parser, which has a build for browsers.
    resolveAlias: { "csv-parse/sync": { browser: "csv-parse/browser/esm/sync" } },
  },
  // Both names of this machine are used; neither is foreign to the other.
  allowedDevOrigins: ["localhost", "127.0.0.1"],
  // `npm test` runs the compiler by itself; a build need not do it again.
  typescript: { ignoreBuildErrors: true },
};
