import { InvalidArgumentError } from "commander";
import { type EpochMs, parseDuration, parseTimestamp } from "../domain/time.ts";

/** A duration such as `100ms`, `1s`, `10m`, `2h`, `1d` → ms. */
export function durationOption(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError("Write for example 100ms, 1s, 10m, 2h.");
  return value;
}

export function positiveOption(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

export function wholeOption(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest)
      throw new InvalidArgumentError(`Expected a whole number from ${lowest} to ${highest}.`);
    return value;
  };
}

export function timeOption(text: string): EpochMs {
  const at = parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (at === undefined)
    throw new InvalidArgumentError("Expected a time such as 2024-01-01T00:00:00Z or 2024-01-01.");
  return at;
}
