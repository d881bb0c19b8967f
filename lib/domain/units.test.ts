import { describe, expect, it } from "vitest";
import {
  CHOOSABLE_QUANTITIES,
  conversion,
  convert,
  convertDelta,
  quantityOf,
  unitSymbol,
  unitsOf,
} from "./units.ts";

describe("units", () => {
  it.each([
    [25, "celsius", "fahrenheit", 77],
    [176, "°F", "degC", 80],
    [0, "°C", "K", 273.15],
    [518.67, "rankine", "fahrenheit", 59],
    [1, "bar", "kPa", 100],
    [14.5037737730209, "psi", "bar", 1],
    [100, "psia", "PSI", 100],
    [1480, "rpm", "Hz", 24.6666666667],
    [1, "in/s", "mm/s", 25.4],
    [1, "m3/h", "l/min", 16.6666666667],
    [1, "gpm", "l/s", 0.0630901964],
    [4200, "mA", "A", 4.2],
    [1, "lbm/s", "kg/s", 0.45359237],
    [35, "kft", "m", 10_668],
    [0.25, "ratio", "%", 25],
    [2, "MW", "kW", 2_000],
  ])("%d %s converted to %s is %d", (value, from, to, expected) => {
    expect(convert(value, from, to)).toBeCloseTo(expected, 9);
  });

  it("what is equal in both units stays equal, so a limit met exactly is not exceeded by a trace", () => {
    expect(convert(176, "fahrenheit", "celsius")).toBe(80);
    expect(convert(194, "°F", "°C")).toBe(90);
  });

  it("different quantities, unknown units and gauge against absolute pressure cannot be converted", () => {
    expect(convert(1, "celsius", "bar")).toBeUndefined();
    expect(convert(1, "furlong", "m")).toBeUndefined();
    expect(convert(1, "psig", "psia")).toBeUndefined();
    expect(convert(1, "celsius", "")).toBeUndefined();
  });

  it("an unknown unit is itself", () => {
    expect(convert(5, "widgets", "widgets")).toBe(5);
    expect(convert(5, "Widgets ", "widgets")).toBe(5);
  });

  it("names that differ only in case count as they are written where both exist", () => {
    expect(convert(1, "mW", "W")).toBe(0.001);
    expect(convert(1, "MW", "W")).toBe(1_000_000);
    expect(conversion("Mw", "W")).toBeUndefined();
    expect(convert(1, "BAR", "bar")).toBe(1);
  });

  it("a difference is converted without the offset of the scale", () => {
    expect(convertDelta(9, "fahrenheit", "celsius")).toBe(5);
    expect(convertDelta(2, "celsius", "kelvin")).toBe(2);
    expect(convertDelta(2, "celsius", "bar")).toBeUndefined();
  });

  it("units are shown by their symbols and know their quantity", () => {
    expect(unitSymbol("celsius")).toBe("°C");
    expect(unitSymbol("m3/h")).toBe("m³/h");
    expect(unitSymbol("ratio")).toBe("");
    expect(unitSymbol("widgets")).toBe("widgets");
    expect(quantityOf("rankine")).toBe("temperature");
  });

  it("each quantity has its units by one name each, and durations are none that is chosen", () => {
    expect(unitsOf("temperature")).toEqual(["kelvin", "celsius", "fahrenheit", "rankine"]);
    expect(unitsOf("mood")).toEqual([]);
    for (const quantity of CHOOSABLE_QUANTITIES)
      for (const unit of unitsOf(quantity)) expect(quantityOf(unit)).toBe(quantity);
    expect(CHOOSABLE_QUANTITIES).not.toContain("time");
  });

  it("a rate is shown by the symbol of its unit", () => {
    expect(unitSymbol("celsius/s")).toBe("°C/s");
    expect(unitSymbol("m/s")).toBe("m/s");
    expect(unitSymbol("widgets/s")).toBe("widgets/s");
  });
});
