import type { LogPosition } from "../domain/log-position.ts";

/** Offset of the next record per partition; a partition that is missing stands at 0. */
export type Offsets = Readonly<Record<number, number>>;

/** Whether `here` has every record before `there`. */
export function reached(here: Offsets, there: Offsets): boolean {
  for (const partition in there) if ((here[partition] ?? 0) < there[partition]!) return false;
  return true;
}

/** `offsets` with `partition` moved to `next`, never back. */
export function advanced(offsets: Offsets, partition: number, next: number): Offsets {
  return next > (offsets[partition] ?? 0) ? { ...offsets, [partition]: next } : offsets;
}

/** The furthest of both in each partition. */
export function furthest(a: Offsets, b: Offsets): Offsets {
  let result = a;
  for (const partition in b) result = advanced(result, Number(partition), b[partition]!);
  return result;
}

/** How many records lie between, in the whole log. */
export function distance(from: Offsets, to: Offsets): number {
  let sum = 0;
  for (const partition in to) sum += Math.max(0, to[partition]! - (from[partition] ?? 0));
  return sum;
}

export function sameLog(a: LogPosition, b: LogPosition): boolean {
  return a.log_id === b.log_id;
}
