import type { EpochMs } from "../domain/time.ts";

/** Wall clock. Core code never calls `Date.now` itself. */
export interface Clock {
  now(): EpochMs;
}

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

/** Something that runs. `start` resolves when it serves; `stop` when nothing of it is left; both are idempotent. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Counters and gauges of the product; the names are listed in `docs/operations.md` and end at `/metrics`. */
export interface Metrics {
  increment(name: string, labels?: Record<string, string>, by?: number): void;
  gauge(name: string, value: number, labels?: Record<string, string>): void;
  observe(name: string, value: number, labels?: Record<string, string>): void;
}
