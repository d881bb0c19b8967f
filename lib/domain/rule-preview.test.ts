import { expect, it } from "vitest";
import type { Reading } from "./reading.ts";
import { ruleSchema } from "./rule.ts";
import { previewSensor } from "./rule-preview.ts";
import { rulesFor } from "./rule-selection.ts";

const sensor = {
  asset_id: "PUMP-001",
  asset_type: "pump",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  unit: "celsius",
};
const readings = (values: readonly number[], over: Partial<Reading> = {}): Reading[] =>
  values.map((value, i) => ({ ...sensor, value, quality: "good", timestamp: i * 1_000, ...over }));

function preview(condition: object, over: object = {}) {
  const rule = ruleSchema.parse({
    id: "r",
    title: "r",
    severity: "warning",
    sensor_type: "temperature",
    condition,
    ...over,
  });
  return previewSensor(rulesFor(sensor, [rule])[0]!, sensor);
}

it("counts each time the condition is entered, however the history is cut into pages", () => {
  const values = [80, 91, 92, 85, 95, 80, 80, 99];
  const whole = preview({ kind: "above", limit: 90 });
  whole.judge(readings(values));
  const cut = preview({ kind: "above", limit: 90 });
  for (const reading of readings(values)) cut.judge([reading]);
  expect(whole.raised().map(({ timestamp, metric_value }) => [timestamp, metric_value])).toEqual([
    [1_000, 91],
    [4_000, 95],
    [7_000, 99],
  ]);
  expect(cut.raised()).toEqual(whole.raised());
});

it("keeps hysteresis and delay, converts units, and leaves bad readings out", () => {
  const values = [80, 91, 89, 91, 80, 91, 91, 91];
  const some = (over: object) => {
    const judged = preview({ kind: "above", limit: 90 }, over);
    judged.judge(readings(values));
    return judged.raised().length;
  };
  expect(some({})).toBe(3);
  expect(some({ hysteresis: 5 })).toBe(2);
  expect(some({ delay_s: 2 })).toBe(1);
  const fahrenheit = preview({ kind: "above", limit: 194 }, { unit: "fahrenheit" });
  fahrenheit.judge(readings(values));
  expect(fahrenheit.raised()).toHaveLength(3);
  const bad = preview({ kind: "above", limit: 90 });
  bad.judge(readings(values, { quality: "bad" }));
  expect(bad.raised()).toEqual([]);
});

it("finds silence between readings by their own time", () => {
  const judged = preview({ kind: "missing_data", after_s: 60 });
  judged.judge([
    ...readings([1, 2, 3]),
    ...readings([4], { timestamp: 62_000 }),
    ...readings([5], { timestamp: 200_000 }),
  ]);
  expect(judged.raised().map(({ timestamp }) => timestamp)).toEqual([2_000, 62_000]);
});
