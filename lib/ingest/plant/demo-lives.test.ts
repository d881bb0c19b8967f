import { expect, it } from "vitest";
import { demoLives } from "./demo-lives.ts";

const START = Date.UTC(2024, 0, 1);
const some = () => demoLives("motor", { seeds: [5, 6], assets: 5, duration_ms: 45 * 60_000, start: START });

it("gives whole lives of one type at the demo's pace, each from new to its failure", () => {
  const lives = some();
  expect(lives.length).toBeGreaterThan(6);
  expect(new Set(lives.map(({ asset_id }) => asset_id)).size).toBe(lives.length);
  for (const { asset_id, steps } of lives) {
    expect(asset_id).toMatch(/^MOTOR-00[12]\/[56]\//);
    // A fault takes three minutes at least, and begins a minute after the start at the earliest.
    expect(steps.length).toBeGreaterThan(4 * 60 - 5);
    expect(steps.at(-1)!.timestamp - steps[0]!.timestamp).toBeLessThan(25 * 60_000);
    for (const { readings } of steps)
      for (const reading of readings) expect(reading.asset_type).toBe("motor");
    const worn = steps.at(-1)!.readings.map(({ sensor_id, value }) => [sensor_id.slice(10), value]);
    const { TEMP = 0, VIB = 0 } = Object.fromEntries(worn) as Record<string, number>;
    expect(TEMP > 95 || VIB > 4.5).toBe(true);
  }
  expect(lives.some(({ steps }) => steps[0]!.timestamp >= START + 12 * 3_600_000)).toBe(true);
});

it("gives the same for the same seeds", () => {
  expect(some()).toEqual(some());
});
