import { type EpochMs, parseTimestamp } from "./time.ts";
import { type ZoneClock, zoneClock } from "./time-zone.ts";

/** How a date of three numbers with slashes is meant; with dots the day is first, with dashes the year. */
export const DATE_ORDERS = ["day_first", "month_first"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?$/;
const DATE = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{1,2})\/(\d{1,2})\/(\d{4}))$/;

/** Whether the text is a time that does not say its offset from UTC. */
export function isLocalTime(text: string): boolean {
  return parseTimestamp(text) === undefined && split(text) !== undefined;
}

/** Whether the text's date can be read only by someone who knows the order of its numbers. */
export function needsDateOrder(text: string): boolean {
  return split(text)?.date.includes("/") === true;
}

export interface LocalTimeOptions {
  /** Where the clock stood that times without an offset were read from. */
  time_zone?: string | undefined;
  date_order?: DateOrder | undefined;
}

/**
 * Reads RFC 3339, epoch milliseconds, and times without an offset such as `2026-03-03 12:34:05.5`, `03.03.2026 12:34`
 * or `3/3/2026 12:34`. What cannot be told for sure is refused, since a wrong hour shows nowhere.
 * @returns the time, or the sentence that says why there is none
 */
export function createTimeReader(options: LocalTimeOptions): (text: string) => EpochMs | string {
  const { time_zone, date_order } = options;
  const clock: ZoneClock | undefined = time_zone === undefined ? undefined : zoneClock(time_zone);
  return (text) => {
    const exact = parseTimestamp(text);
    if (exact !== undefined) return exact;
    const parts = split(text);
    if (parts === undefined) return `timestamp: expected a time, found "${text.slice(0, 40)}"`;
    if (parts.date.includes("/") && date_order === undefined)
      return `timestamp: ${text} may have the day or the month first; say which`;
    const shown = shownAt(parts, date_order);
    if (shown === undefined) return `timestamp: there is no day ${parts.date}`;
    if (clock === undefined)
      return `timestamp: ${text} does not say its offset from UTC; give a time zone or write the offset`;
    const [first, second] = clock.instants(shown);
    if (first === undefined)
      return `timestamp: clocks in ${time_zone} never showed ${text}, they went forward over it; write the offset from UTC`;
    if (second !== undefined)
      return `timestamp: clocks in ${time_zone} showed ${text} twice as they went back; write the offset from UTC`;
    return first;
  };
}

function split(text: string): { date: string; clock: string } | undefined {
  const [date = "", clock = "", ...more] = text.split(/[ T]+/);
  return more.length === 0 && DATE.test(date) && CLOCK.test(clock) ? { date, clock } : undefined;
}

/** The time as if it were UTC; `undefined` for a day that there is not. */
function shownAt(
  { date, clock }: { date: string; clock: string },
  order: DateOrder | undefined,
): number | undefined {
  const d = DATE.exec(date)!;
  const [year, month, day] = (
    d[1] !== undefined
      ? [d[1], d[2], d[3]]
      : d[6] !== undefined
        ? [d[6], d[5], d[4]]
        : order === "month_first"
          ? [d[9], d[7], d[8]]
          : [d[9], d[8], d[7]]
  ).map(Number) as [number, number, number];
  const [, hour, minute, second = "0", fraction = "0"] = CLOCK.exec(clock)!;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const ms = Math.trunc(Number(`0.${fraction}`) * 1_000);
  return midnight.getTime() + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + ms;
}
