import type { FrameValue } from "./health-model.ts";
import { convert } from "./units.ts";

/**
 * Sensor types that say how an asset is operated rather than how it is. Their values, rounded to this grid, name the
 * regime; a baseline is learned in each. (The turbofan sets with six regimes keep them within a hundredth of the grid.)
 */
const DRIVERS: Record<string, { unit: string; grid: number }> = {
  altitude: { unit: "kft", grid: 1 },
  mach: { unit: "ratio", grid: 0.05 },
  throttle: { unit: "deg", grid: 5 },
};

export function isDriver(sensor_type: string): boolean {
  return Object.hasOwn(DRIVERS, sensor_type);
}

/** Commands tell nothing of an asset's condition. */
export function tellsCondition(sensor_type: string): boolean {
  return sensor_type !== "setpoint";
}

/** @returns the place of a driver's value on its grid */
export function regimePart(value: FrameValue): number {
  const { unit, grid } = DRIVERS[value.sensor_type]!;
  return Math.round((convert(value.value, value.unit, unit) ?? value.value) / grid) + 0;
}
