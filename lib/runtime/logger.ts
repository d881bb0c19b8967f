import { pino } from "pino";
import type { Logger } from "../ports/system.ts";

/** Anything that proves an identity; a request's URL is logged without its query for the same reason. */
const SECRETS = [
  "token",
  "ticket",
  "password",
  "authorization",
  "cookie",
  "secret",
  "*.token",
  "*.ticket",
  "*.password",
  "*.authorization",
  "*.cookie",
  "*.secret",
];

/** JSON lines on standard error: standard output belongs to what a program reads. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS, censor: "[redacted]" },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
