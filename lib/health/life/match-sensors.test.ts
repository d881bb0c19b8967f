import { describe, expect, it } from "vitest";
import { applyConversion } from "../../domain/units.ts";
import { SENSORS } from "../testing.ts";
import { matchSensor, sensorKey } from "./match-sensors.ts";

const match = (sensor_id: string, sensor_type: string, unit: string, asset_id = "ENGINE-001") =>
  matchSensor(asset_id, { sensor_id, sensor_type, unit }, SENSORS);
const T50 = 3;

describe("matching sensors to a model's", () => {
  it("goes by what is left of the id without the asset's", () => {
    expect(sensorKey("ENGINE-001", "ENGINE-001-T50")).toBe("T50");
    expect(sensorKey("ENGINE-001", "T50")).toBe("T50");
    expect(match("ENGINE-001-t50", "temperature", "rankine")?.model).toBe(T50);
    expect(match("unit7/T50", "temperature", "rankine", "unit-7")?.model).toBe(T50);
  });

  it("goes by the type where only one sensor is of it", () => {
    expect(match("A1-XYZ", "temperature", "rankine")?.model).toBe(T50);
  });

  it("[R-8.45] brings other units into the model's", () => {
    const celsius = match("ENGINE-001-T50", "temperature", "celsius")!;
    expect(applyConversion(0, celsius.convert)).toBeCloseTo(491.67, 6);
    const kpa = match("ENGINE-001-Ps30", "pressure", "kPa")!;
    expect(applyConversion(101.325, kpa.convert)).toBeCloseTo(14.6959, 3);
  });

  it("does not take what cannot be converted or is unknown", () => {
    expect(match("ENGINE-001-T50", "temperature", "bar")).toBeUndefined();
    expect(match("ENGINE-001-WHAT", "humidity", "percent")).toBeUndefined();
  });
});
