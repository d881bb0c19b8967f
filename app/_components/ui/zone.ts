import { type ZoneClock, zoneClock } from "../../../lib/domain/time-zone.ts";

/**
 * The time zone in which the pages say times: the plant's where an administrator has set one, so that two people in
 * two places read the same clock; otherwise the reader's own.
 */
let zone: string | undefined;
let clock: ZoneClock | undefined;
let naming: Intl.DateTimeFormat[] | undefined;

/** @param name of the IANA database ("Europe/Berlin"); `undefined` or one that this browser does not know: the reader's own */
export function setZone(name: string | undefined): void {
  if (name === zone) return;
  naming = undefined;
  try {
    clock = name === undefined ? undefined : zoneClock(name);
    zone = name;
  } catch {
    clock = undefined;
    zone = undefined;
  }
}

/** Local time minus UTC at a time, ms. */
export function offsetMs(at: number): number {
  return clock?.offsetMs(at) ?? -new Date(at).getTimezoneOffset() * 60_000;
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
