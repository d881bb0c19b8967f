import type { EpochMs } from "./time.ts";

/** Zones change their offset on quarters of an hour at the finest. */
const QUARTER_MS = 15 * 60_000;
const MOST_CACHED = 4_096;
const DAY_MS = 24 * 3_600_000;

/** The clock of a place. Remembers offsets, so it is cheap to ask often. */
export interface ZoneClock {
  /** Local time minus UTC at an instant, ms. */
  offsetMs(at: EpochMs): number;
  /**
   * When its clock shows a time, given as if it were UTC: mostly once; never while clocks go forward, twice while they
   * go back.
   */
  instants(shown: EpochMs): EpochMs[];
}

/** @throws RangeError where the runtime knows no such zone */
export function zoneClock(time_zone: string): ZoneClock {
  const formatter = new Intl.DateTimeFormat("en-GB", {
    timeZone: time_zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const cached = new Map<number, number>();

  function offsetMs(at: EpochMs): number {
    const quarter = Math.floor(at / QUARTER_MS);
    let offset = cached.get(quarter);
    if (offset === undefined) {
      const begin = quarter * QUARTER_MS;
      const part = new Map(formatter.formatToParts(begin).map(({ type, value }) => [type, Number(value)]));
      const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0;
      offset =
        Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - begin;
      if (cached.size >= MOST_CACHED) cached.clear();
      cached.set(quarter, offset);
    }
    return offset;
  }
  return {
    offsetMs,
    instants(shown) {
      const offsets = new Set([offsetMs(shown - DAY_MS), offsetMs(shown + DAY_MS)]);
      return [...offsets]
        .map((offset) => shown - offset)
        .filter((at) => offsetMs(at) === shown - at)
        .sort((a, b) => a - b);
    },
  };
}
