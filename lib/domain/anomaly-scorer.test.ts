import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAnomaly, encodeAnomaly } from "./anomaly-codec.ts";
import { initialAnomaly, stepAnomaly } from "./anomaly-scorer.ts";

const FIVE_MINUTES = 300_000;
const START = Date.UTC(2024, 0, 1);

/** Sum of three uniforms of a linear congruential generator: near enough to normal, and the same everywhere. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (uniform() + uniform() + uniform() - 1.5) * 2;
}

function score(values: number[], interval = FIVE_MINUTES) {
  const state = initialAnomaly();
  return values.map((value, at) => stepAnomaly(state, START + at * interval, value).anomaly);
}

function series(length: number, shape: (at: number) => number, seed = 1): number[] {
  const random = noise(seed);
  return Array.from({ length }, (_, at) => shape(at) + random());
}

/** 80 from nine to six, else 20. */
const working = (at: number) => {
  const hour = (at / 12) % 24;
  return hour >= 9 && hour < 18 ? 80 : 20;
};

describe("how out of the ordinary a reading is", () => {
  it("[R-8.31] says nothing of the first hundred readings, nor of steady noise", () => {
    const scores = score(series(8_000, () => 50));
    expect(Math.max(...scores.slice(0, 99))).toBe(0);
    expect(Math.max(...scores)).toBeLessThan(0.5);
  });

  it("[R-8.31] a spike beyond all that was seen is told at once", () => {
    const scores = score(series(3_000, (at) => (at === 2_000 ? 90 : 50)));
    expect(scores[2_000]).toBeGreaterThan(0.5);
    expect(scores.filter((value) => value > 0.4)).toHaveLength(1);
  });

  it("[R-8.32] of a burst only the first reading counts in full", () => {
    const scores = score(series(3_000, (at) => (at >= 2_000 && at < 2_040 && at % 2 === 0 ? 90 : 50)));
    expect(scores.filter((value) => value > 0.4)).toEqual([scores[2_000]]);
  });

  it("[R-8.33] what happens at the same hour each day is ordinary, and its absence is not", () => {
    const every_day = score(series(4_000, working));
    expect(Math.max(...every_day.slice(1_000))).toBeLessThan(0.4);
    const eleventh = 10 * 288;
    const idle = score(series(4_000, (at) => (at >= eleventh && at < eleventh + 288 ? 20 : working(at))));
    expect(idle.findIndex((value, at) => at > 1_000 && value > 0.5)).toBe(eleventh + 9 * 12);
  });

  it("[R-8.34] goes on exactly after being saved and loaded anywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat({ max: 899 }), (seed, cut) => {
        const values = series(900, working, seed);
        let state = initialAnomaly();
        const restarted = values.map((value, at) => {
          if (at === cut) state = decodeAnomaly(encodeAnomaly(state));
          return stepAnomaly(state, START + at * FIVE_MINUTES, value).anomaly;
        });
        expect(restarted).toEqual(score(values));
      }),
      { numRuns: 20 },
    );
  });

  it("an older reading or no number changes nothing", () => {
    const state = initialAnomaly();
    for (let at = 0; at < 200; at++) stepAnomaly(state, START + at * 1_000, at % 7);
    const before = encodeAnomaly(state);
    expect(stepAnomaly(state, START, 1e9)).toEqual({ anomaly: 0, strange: 0 });
    expect(stepAnomaly(state, START + 1e9, Number.NaN)).toEqual({ anomaly: 0, strange: 0 });
    expect(encodeAnomaly(state)).toEqual(before);
  });

  it("refuses a saved state that is cut short or of another version", () => {
    const bytes = encodeAnomaly(initialAnomaly());
    expect(() => decodeAnomaly(bytes.subarray(0, bytes.length - 1))).toThrow(/ends too early/);
    expect(() => decodeAnomaly(Uint8Array.of(99, ...bytes))).toThrow(/version/);
  });
});
