import { inZone, offsetMs } from "../ui/zone.ts";

/** A time as a field of kind "datetime-local" holds it, by the clock that the pages show. */
export function toField(at: number): string {
  return inZone(at).toISOString().slice(0, 19);
}

/** The time that such a field means, `undefined` where it says none. */
export function fromField(text: string): number | undefined {
  const local = Date.parse(`${text}${text.length === 16 ? ":00" : ""}Z`);
  if (!Number.isFinite(local)) return undefined;
  // The offset is that of the time itself, which lies near the one by the first guess.
  const guess = local - offsetMs(local);
  return local - offsetMs(guess);
}
