import { CommanderError } from "commander";
import { isForesightError } from "../domain/errors.ts";
import type { Clock } from "../ports/system.ts";

/** What a command needs of the world; `process` in the product, fakes in tests. */
export interface CommandIo {
  /** For programs alone. */
  stdout: NodeJS.WritableStream;
  /** For people: progress, notices. A terminal gets progress bars, anything else plain lines. */
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  clock: Clock;
  /** In [0, 1), for the jitter of retries. */
  random(): number;
  env(name: string): string | undefined;
  /** Aborted by Ctrl-C. */
  interrupted: AbortSignal;
}

/** The user pressed Ctrl-C; the message says how to go on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** 0 done, 1 failed, 2 wrong usage or input, 130 interrupted. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Error && error.name === "Interrupted") return 130;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return isForesightError(error) && error.code === "invalid_request" ? 2 : 1;
}
