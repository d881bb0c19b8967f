import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reading } from "../domain/reading.ts";
import { sensorKind } from "./channel-kinds.ts";
import { MaxRate } from "./max-rate.ts";
import type { Run } from "./runs.ts";

const run = (offset: number, ...values: [sensor: string, value: number][]): Run<Reading> => ({
  partition: 0,
  first_offset: offset,
  received_at: 0,
  values: values.map(([sensor_id, value]) => ({
    asset_id: "PUMP",
    sensor_id,
    sensor_type: "t",
    unit: "",
    value,
    quality: "good",
    timestamp: value,
  })),
});
const values = (runs: readonly Run<Reading>[]) => runs.flatMap((one) => one.values.map(({ value }) => value));

describe("[R-1.5] A maximum rate", () => {
  it("lets the first through at once, and the latest of what follows when it falls due", () => {
    const rate = new MaxRate(sensorKind("acme"), 10, "l:0:0");
    expect(values(rate.pass([run(0, ["a", 1])], "l:0:1", 0).runs)).toEqual([1]);
    expect(values(rate.pass([run(1, ["a", 2])], "l:0:2", 20).runs)).toEqual([]);
    expect(values(rate.pass([run(2, ["a", 3], ["b", 9])], "l:0:4", 40).runs)).toEqual([9]);
    expect(rate.nextDue()).toBe(100);
    expect(values(rate.pass([], "l:0:4", 100).runs)).toEqual([3]);
    expect(rate.nextDue()).toBeUndefined();
  });

  it("never lets a cursor go beyond what is held back", () => {
    const rate = new MaxRate(sensorKind("acme"), 10, "l:0:0");
    rate.pass([run(0, ["a", 1])], "l:0:1", 0);
    rate.pass([run(1, ["a", 2])], "l:0:2", 20);
    expect(rate.pass([run(2, ["b", 3])], "l:0:3", 40).cursor).toBe("l:0:1");
    expect(rate.pass([], "l:0:3", 100).cursor).toBe("l:0:3");
  });

  it("sends each sensor no more often than it may, and its last value in the end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(30)), { minLength: 1, maxLength: 60 }),
        (steps) => {
          const rate = new MaxRate(sensorKind("acme"), 20, "l:0:0");
          const sent = new Map<string, { at: number; value: number }[]>();
          const last = new Map<string, number>();
          let now = 0;
          const note = (runs: readonly Run<Reading>[]) => {
            for (const { sensor_id, value } of runs.flatMap((one) => one.values))
              sent.set(sensor_id, [...(sent.get(sensor_id) ?? []), { at: now, value }]);
          };
          steps.forEach(([sensor, wait], i) => {
            now += wait;
            last.set(sensor, i);
            note(rate.pass([run(i, [sensor, i])], `l:0:${i + 1}`, now).runs);
          });
          now += 1_000;
          note(rate.pass([], "l:0:99", now).runs);
          for (const [sensor, value] of last) {
            const times = sent.get(sensor)!;
            expect(times.at(-1)!.value).toBe(value);
            for (let i = 1; i < times.length; i++)
              expect(times[i]!.at - times[i - 1]!.at).toBeGreaterThanOrEqual(50);
          }
        },
      ),
    );
  });
});
