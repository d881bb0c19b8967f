import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatNumber,
  formatValue,
  plural,
  unitSymbol,
} from "./format.ts";

describe("numbers as people read them", () => {
  it("groups thousands by a narrow space and keeps about five digits", () => {
    expect(formatNumber(1425.43)).toBe("1\u202f425.4");
    expect(formatNumber(41_882)).toBe("41\u202f882");
    expect(formatNumber(23.1153)).toBe("23.12");
    expect(formatNumber(0.02251)).toBe("0.0225");
  });
  it("writes a minus, never a hyphen, and no minus before zero", () => {
    expect(formatNumber(-40)).toBe("\u221240");
    expect(formatNumber(-0.00001)).toBe("\u22121.00e\u22125");
    expect(formatNumber(-0.04, 1)).toBe("0.0");
  });
  it("shows what is unknown as a dash", () => {
    expect(formatNumber(null)).toBe("–");
    expect(formatNumber(Number.NaN)).toBe("–");
  });
  it("knows the symbol of a spelt-out unit and leaves foreign ones alone", () => {
    expect(formatValue(78.5, "celsius")).toBe("78.5\u00a0°C");
    expect(unitSymbol("furlongs")).toBe("furlongs");
    expect(formatValue(8.4, "ratio")).toBe("8.4");
  });
});

describe("durations", () => {
  it("uses the coarsest words that still say it", () => {
    expect(formatDuration(800)).toBe("0.8 s");
    expect(formatDuration(48_000)).toBe("48 s");
    expect(formatDuration(6 * 60_000)).toBe("6 min");
    expect(formatDuration((4 * 60 + 12) * 60_000)).toBe("4 h 12 min");
    expect(formatDuration(76 * 3_600_000)).toBe("3 d 4 h");
  });
  it("never ticks in tenths where an age is meant", () => {
    expect(formatAge(300)).toBe("< 1 s");
    expect(formatAge(2_700)).toBe("2 s");
  });
});

it("counts things and bytes in words", () => {
  expect(plural(1, "alert")).toBe("1 alert");
  expect(plural(2, "alert")).toBe("2 alerts");
  expect(formatBytes(512)).toBe("512 B");
  expect(formatBytes(12_345_678)).toBe("12 MB");
});
