import type { EpochMs } from "../domain/time.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";

/** A clock that stands until it is moved. */
export interface FakeClock extends Clock {
  set(at: EpochMs): void;
  advance(ms: number): void;
}

export function fakeClock(at: EpochMs = Date.UTC(2024, 0, 15)): FakeClock {
  let now = at;
  return {
    now: () => now,
    set(to) {
      now = to;
    },
    advance(ms) {
      now += ms;
    },
  };
}

/** Keeps what is logged at `warn` and `error`. */
export function fakeLogger(): Logger & { lines: { level: string; message: string; fields: object }[] } {
  const lines: { level: string; message: string; fields: object }[] = [];
  const keep = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields });
  const logger = {
    lines,
    debug: () => undefined,
    info: () => undefined,
    warn: keep("warn"),
    error: keep("error"),
    child: () => logger,
  };
  return logger;
}

/** Counts by name, whatever the labels. */
export function fakeMetrics(): Metrics & { counts: Map<string, number> } {
  const counts = new Map<string, number>();
  return {
    counts,
    increment: (name, _labels, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
    gauge: () => undefined,
    observe: () => undefined,
  };
}
