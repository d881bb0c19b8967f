/**
 * The time zone in which the pages say times: the plant's where an administrator has set one, so that two people in
 * two places read the same clock; otherwise the reader's own.
 */
let zone: string | undefined;
let formatter: Intl.DateTimeFormat | undefined;
let naming: Intl.DateTimeFormat[] | undefined;

/** Zones change their offset on quarters of an hour at the finest. */
const QUARTER_MS = 15 * 60_000;
const MOST_CACHED = 4_096;
const cached = new Map<number, number>();

/** @param name of the IANA database ("Europe/Berlin"); `undefined` or one that this browser does not know: the reader's own */
export function setZone(name: string | undefined): void {
  if (name === zone) return;
  cached.clear();
  naming = undefined;
  try {
    formatter =
      name === undefined
        ? undefined
        : new Intl.DateTimeFormat("en-GB", {
            timeZone: name,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
          });
    zone = name;
  } catch {
    formatter = undefined;
    zone = undefined;
  }
}

/** Local time minus UTC at a time, ms. */
export function offsetMs(at: number): number {
  if (formatter === undefined) return -new Date(at).getTimezoneOffset() * 60_000;
  const quarter = Math.floor(at / QUARTER_MS);
  let offset = cached.get(quarter);
  if (offset === undefined) {
    const begin = quarter * QUARTER_MS;
    const part = new Map(formatter.formatToParts(begin).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0;
    offset = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - begin;
    if (cached.size >= MOST_CACHED) cached.clear();
    cached.set(quarter, offset);
  }
  return offset;
}

/** A date whose UTC fields are those of the zone. */
export function inZone(at: number): Date {
  return new Date(at + offsetMs(at));
}

/** English says each zone's letters where it is spoken, and "GMT+1" for those of elsewhere. */
const ENGLISH = ["en-GB", "en-US", "en-IN", "en-AU", "en-ZA"];

/** "CET", or "GMT+3" where English has no letters for the zone. */
export function zoneName(at: number): string {
  naming ??= ENGLISH.map(
    (locale) =>
      new Intl.DateTimeFormat(locale, {
        timeZoneName: "short",
        ...(zone !== undefined && { timeZone: zone }),
      }),
  );
  const names = naming.map(
    (one) => one.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "",
  );
  return names.find((name) => !/^(GMT|UTC)[+-]/.test(name)) ?? names[0] ?? "";
}
