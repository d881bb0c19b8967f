import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedClock } from "../testing.ts";
import { createPacer, windowCut } from "./pacer.ts";
import { createRateMeter } from "./rate-meter.ts";
import { expandStamps, stampRows } from "./stamper.ts";

describe("pacing", () => {
  it("keeps the file's rhythm times the speed, from the first reading on", () => {
    const pacer = createPacer({ speed: 10, max_gap_ms: 60_000 });
    expect(pacer.wait(1_000_000, 5_000)).toBe(0);
    expect(pacer.wait(1_010_000, 5_000)).toBe(1_000);
    expect(pacer.wait(1_010_000, 6_000)).toBe(0);
    expect(pacer.wait(1_020_000, 6_500)).toBe(500);
  });

  it("sends earlier readings at once, shortens long pauses, and tells how late it is", () => {
    const pacer = createPacer({ speed: 1, max_gap_ms: 10_000 });
    pacer.wait(100_000, 0);
    expect(pacer.wait(50_000, 0)).toBe(0);
    expect(pacer.wait(9_000_000, 0)).toBe(10_000);
    expect(pacer.wait(9_001_000, 20_000)).toBe(-9_000);
  });

  it("cuts batches by windows of the file's time, so a second run cuts alike", () => {
    const cut = windowCut(10);
    expect([0, 500, 999, 1_000, 1_500, 2_000, 100].map(cut)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  it("the rate is that of the last two seconds", () => {
    const clock = fixedClock(0);
    const rate = createRateMeter(clock);
    for (let at = 100; at <= 10_000; at += 100) {
      clock.set(at);
      rate(at < 5_000 ? 0 : at - 5_000);
    }
    expect(rate(5_000)).toBeGreaterThan(900);
    expect(rate(5_000)).toBeLessThan(1_100);
  });
});

describe("stamps of --now", () => {
  it("rows of one time step share a stamp, further steps get later ones", () => {
    expect(stampRows([1, 1, 1, 2, 2, 5], 1_000, undefined)).toEqual([
      [1_000, 3],
      [1_001, 2],
      [1_002, 1],
    ]);
    expect(stampRows([7], 1_000, { time: 6, stamp: 4_000 })).toEqual([[4_001, 1]]);
    expect(stampRows([6, 7], 1_000, { time: 6, stamp: 4_000 })).toEqual([
      [4_000, 1],
      [4_001, 1],
    ]);
  });

  it("in real time steps keep their distance within the batch", () => {
    expect(stampRows([0, 500, 1_000], 9_000, undefined, 10)).toEqual([
      [8_900, 1],
      [8_950, 1],
      [9_000, 1],
    ]);
  });

  it("stamps of different steps always rise, whatever the order of the file, the clock and the speed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5_000 })), {
          minLength: 1,
        }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.option(
          fc.record({ time: fc.integer({ min: 0, max: 5 }), stamp: fc.integer({ min: 0, max: 10_000 }) }),
          { nil: undefined },
        ),
        fc.option(fc.constantFrom(0.5, 1, 10, 100), { nil: undefined }),
        (times, now, last, speed) => {
          const stamps = stampRows(times, now, last, speed);
          const each = expandStamps(stamps, times.length);
          for (let at = 0; at < times.length; at++) {
            const before = at === 0 ? last?.stamp : each[at - 1];
            if (before === undefined) continue;
            if (times[at] === (at === 0 ? last?.time : times[at - 1])) expect(each[at]).toBe(before);
            else expect(each[at]).toBeGreaterThan(before);
          }
        },
      ),
    );
  });
});
