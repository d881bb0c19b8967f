import { conversion } from "./units.ts";

/**
 * How far a sensor may wander, as a share of its level, before anything is known of how its asset is operated: loads
 * and surroundings that have not been seen yet.
 */
const TOLERATED_SHARE = 0.05;
/** Experience of 1 is a day, and so many frames: then half of the tolerance is left. */
const EXPERIENCE_FRAMES = 900;
const EXPERIENCE_MS = 86_400_000;
/** Temperatures have their level in °C, and at least this. */
const LEAST_CELSIUS = 20;

/** How to read a sensor's level: °C = scale × value + offset of a temperature, else the value itself. */
export interface LevelScale {
  scale: number;
  offset: number;
  least: number;
}

export function levelScale(unit: string): LevelScale {
  const celsius = conversion(unit, "celsius");
  return celsius === undefined
    ? { scale: 1, offset: 0, least: 0 }
    : { scale: celsius.scale, offset: celsius.offset, least: LEAST_CELSIUS };
}

/** How much of an asset's life has been seen: the lesser of frames and time, 1 a day. */
export function experienceOf(frames: number, elapsed_ms: number): number {
  return Math.min(frames / EXPERIENCE_FRAMES, elapsed_ms / EXPERIENCE_MS);
}

/** @returns the tolerated deviation in the sensor's unit */
export function toleranceOf(level: number, { scale, offset, least }: LevelScale, experience: number): number {
  const share = TOLERATED_SHARE / (1 + Math.max(0, experience));
  return (share * Math.max(least, Math.abs(scale * level + offset))) / scale;
}
