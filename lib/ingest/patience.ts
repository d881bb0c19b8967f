import { setTimeout as wait } from "node:timers/promises";
import { isForesightError } from "../domain/errors.ts";

/** Waits; rejects when the signal is aborted. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<unknown>;

export const pause: Pause = (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal });

const ATTEMPTS = 30;

/** Repeats an append that the log asks to repeat (`unavailable`, `rate_limited`), after the time that it names. */
export async function appendPatiently<T>(
  append: () => Promise<T>,
  wait: Pause,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await append();
    } catch (error) {
      const again =
        isForesightError(error) && (error.code === "unavailable" || error.code === "rate_limited");
      if (!again || attempt >= ATTEMPTS) throw error;
      await wait((error.options.retry_after_s ?? 1) * 1_000, signal);
    }
  }
}
