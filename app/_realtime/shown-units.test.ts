import { expect, it } from "vitest";
import { alertTitle } from "../../lib/domain/alert-title.ts";
import type { WireAlert, WireAsset } from "../../lib/protocol/messages.ts";
import { createShownUnits, UNITS_AS_THEY_COME } from "./shown-units.ts";

const AT = "2024-01-15T10:00:00.000Z";
const reading = {
  asset_id: "PUMP-001",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  value: 80,
  unit: "celsius",
  quality: "good" as const,
  timestamp: Date.parse(AT),
};
const rule = {
  id: "hot",
  title: "Hot",
  enabled: true,
  sensor_type: "temperature",
  severity: "critical" as const,
  condition: { kind: "above" as const, limit: 90 },
  unit: "celsius",
  hysteresis: 0,
  delay_s: 0,
};
const alert = (over: Partial<WireAlert> = {}): WireAlert => ({
  id: "a",
  tenant_id: "demo",
  asset_id: "PUMP-001",
  rule_id: "hot",
  title: alertTitle(rule, reading, 91.37, "celsius"),
  severity: "critical",
  state: "open",
  metric_value: 91.37,
  threshold: 90,
  unit: "celsius",
  raised_at: AT,
  updated_at: AT,
  timestamp: AT,
  occurrences: 1,
  ...over,
});
const fahrenheit = createShownUnits({ temperature: "fahrenheit" });

it("a reading is shown in the unit chosen for its quantity, others stay the very objects they were", () => {
  expect(fahrenheit.reading(reading)).toEqual({ ...reading, value: 176, unit: "fahrenheit" });
  for (const unit of ["mm/s", "°F", "widgets", ""]) {
    const other = { ...reading, unit };
    expect(fahrenheit.reading(other)).toBe(other);
  }
  expect(UNITS_AS_THEY_COME.reading(reading)).toBe(reading);
});

it("an asset's sensors are converted each by its own unit", () => {
  const sensor = (sensor_id: string, unit: string, value: number) => ({
    sensor_id,
    sensor_type: "x",
    unit,
    readings: 1,
    first_at: AT,
    latest: { timestamp: AT, received_at: AT, value, quality: "good" as const },
  });
  const asset: WireAsset = {
    asset_id: "PUMP-001",
    asset_type: "pump",
    open_alerts: { info: 0, warning: 0, critical: 0 },
    received_at: AT,
    sensors: [sensor("T", "celsius", 100), sensor("P", "bar", 3)],
  };
  const shown = createShownUnits({ temperature: "kelvin" }).asset(asset);
  expect(shown.sensors.map(({ unit, latest }) => [unit, latest.value])).toEqual([
    ["kelvin", 373.15],
    ["bar", 3],
  ]);
  expect(createShownUnits({ pressure: "bar" }).asset(asset)).toBe(asset);
});

it("an alert's value, limit and title are of one unit", () => {
  expect(alert().title).toBe("Temperature 91.37 °C above critical limit 90 °C");
  expect(fahrenheit.alert(alert())).toMatchObject({
    title: "Temperature 196.47 °F above critical limit 194 °F",
    metric_value: 196.466,
    threshold: 194,
    unit: "fahrenheit",
  });
});

it("a rate is converted without the offset between the scales", () => {
  const changing = alert({
    title: alertTitle(
      { ...rule, condition: { kind: "rate_of_change", limit_per_s: 2 } },
      reading,
      3,
      "celsius",
    ),
    metric_value: 3,
    threshold: 2,
    unit: "celsius/s",
  });
  expect(fahrenheit.alert(changing)).toMatchObject({
    title: "Temperature changes by 5.4 °F/s, above critical limit 3.6 °F/s",
    metric_value: 5.4,
    threshold: 3.6,
    unit: "fahrenheit/s",
  });
});

it("a title that does not name the measures stays as it is", () => {
  const foreign = alert({ title: "Bearing hot, 90 °C" });
  expect(fahrenheit.alert(foreign)).toMatchObject({ title: "Bearing hot, 90 °C", threshold: 194 });
  const valueless = alert({ title: "Silence", metric_value: null });
  expect(fahrenheit.alert(valueless)).toMatchObject({ title: "Silence", metric_value: null });
});
