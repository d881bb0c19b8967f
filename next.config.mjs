import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

/** Routes in files `*.dev.tsx` (the page of all components) are there in development alone. */
const DEVELOPMENT_EXTENSIONS = ["dev.tsx", "tsx", "ts"];

/** @type {(phase: string) => import("next").NextConfig} */
export default (phase) => ({
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? DEVELOPMENT_EXTENSIONS : ["tsx", "ts"],
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
});
