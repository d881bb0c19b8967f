import { describe, expect, it } from "vitest";
import { createNoise, SENSORS, wearingFleet } from "../testing.ts";
import { findRegimes, ONE_REGIME, regimeAt } from "./operating-regimes.ts";

const types = SENSORS.map(({ sensor_type }) => sensor_type);
const rowsOf = (regimes: number) =>
  wearingFleet(12, { regimes }).runs.flatMap(({ frames }) => frames.map(({ values }) => values));

describe("operating regimes", () => {
  it("[R-8.41] are found in the data, as many as there are", () => {
    const found = findRegimes({ rows: rowsOf(6), types });
    expect(found.centers.map((center) => Math.round(center[0]!))).toEqual([0, 10, 20, 25, 35, 42]);
    for (const row of rowsOf(6)) {
      const { regime } = regimeAt(found, row)!;
      expect(found.centers[regime]![0]).toBeCloseTo(row[0]!, 1);
    }
  });

  it("[R-8.41] are one where the settings only jitter", () => {
    expect(findRegimes({ rows: rowsOf(1), types })).toEqual(ONE_REGIME);
  });

  it("[R-8.41] are found where no sensor is named a setting", () => {
    const plain = types.map((_, i) => `quantity-${i}`);
    expect(findRegimes({ rows: rowsOf(6), types: plain }).centers).toHaveLength(6);
  });

  it("[R-8.41] are not made of a sensor that shows two values only, as a coarse instrument does", () => {
    const { uniform, gauss } = createNoise(3);
    const rows = Array.from({ length: 400 }, () => [uniform() < 0.5 ? 21.6 : 21.61, gauss(), gauss()]);
    expect(findRegimes({ rows, types: ["pressure", "temperature", "speed"] })).toEqual(ONE_REGIME);
  });

  it("cannot be told where a setting is missing", () => {
    const found = findRegimes({ rows: rowsOf(6), types });
    expect(regimeAt(found, [Number.NaN, 0, 100])).toBeUndefined();
  });
});
