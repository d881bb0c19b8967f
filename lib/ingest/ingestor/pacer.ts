import type { EpochMs } from "../../domain/time.ts";

export interface PacerOptions {
  /** How many times faster than the file's own rhythm. */
  speed: number;
  /** A longer pause between two readings of the file is shortened to this, ms of waiting. */
  max_gap_ms: number;
}

/** Says when a reading of the file is due, in the file's own rhythm × speed. */
export interface Pacer {
  /**
   * How long to wait from `now` until a reading of this time is due; negative: so late it is. Readings earlier
   * than those before them are due with them.
   */
  wait(timestamp: EpochMs, now: EpochMs): number;
}

export function createPacer({ speed, max_gap_ms }: PacerOptions): Pacer {
  let reached: EpochMs | undefined;
  let due = 0;
  return {
    wait(timestamp, now) {
      if (reached === undefined) {
        reached = timestamp;
        due = now;
      } else if (timestamp > reached) {
        due += Math.min(max_gap_ms, (timestamp - reached) / speed);
        reached = timestamp;
      }
      return due - now;
    },
  };
}

/** Readings of one batch in real time span at most this much waiting. */
export const REALTIME_WINDOW_MS = 100;

/** Cuts before a row of another window of the file's time: the same cuts in every run at the same speed. */
export function windowCut(speed: number): (timestamp: EpochMs) => boolean {
  const width = Math.max(1, REALTIME_WINDOW_MS * speed);
  let window: number | undefined;
  return (timestamp) => {
    const its = Math.floor(timestamp / width);
    const cut = window !== undefined && its !== window;
    window = its;
    return cut;
  };
}
