import { InvalidArgumentError } from "commander";
import { parseDuration } from "../config.ts";

/** A commander parser for a whole number within bounds. */
export function integerOption(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`${name} takes a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** A commander parser for `90s`, `10m`, `24h`, `7d`. */
export function durationOption(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
