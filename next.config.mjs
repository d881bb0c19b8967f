import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Native modules and what is shared with the server's own module graph stay outside the bundles.
  serverExternalPackages: ["@node-rs/argon2", "@fastify/busboy", "jose", "libsql", "pino", "prom-client"],
  turbopack: { root: dirname(fileURLToPath(import.meta.url)) },
  // Both names of this machine are used; neither is foreign to the other.
  allowedDevOrigins: ["localhost", "127.0.0.1"],
  // `npm test` runs the compiler by itself; a build need not do it again.
  typescript: { ignoreBuildErrors: true },
};
