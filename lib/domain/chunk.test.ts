import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSamples, encodeSamples, kindOfTag, qualityOfTag, type Samples, tagOf } from "./chunk.ts";
import { QUALITIES } from "./quality.ts";

const time = fc.oneof(
  fc.integer({ min: 0, max: 4_000_000_000_000 }),
  fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
);
const value = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2),
);
const samples: fc.Arbitrary<Samples> = fc
  .uniqueArray(fc.tuple(time, value, fc.nat(40)), { selector: ([at]) => at, maxLength: 200 })
  .map((list) => {
    const sorted = [...list].sort(([a], [b]) => a - b);
    return {
      times: sorted.map(([at]) => at),
      values: sorted.map(([, v]) => v),
      tags: sorted.map(([, , tag]) => tag),
    };
  });

const steady = (count: number): Samples => ({
  times: Array.from({ length: count }, (_, i) => 1_700_000_000_000 + i * 1_000),
  values: Array.from({ length: count }, (_, i) => Math.round(7_000 + 900 * Math.sin(i / 50)) / 100),
  tags: Array.from({ length: count }, () => 0),
});

describe("a chunk", () => {
  it("gives back every time, value and tag bit for bit", () => {
    fc.assert(
      fc.property(samples, (given) => {
        expect(decodeSamples(encodeSamples(given))).toEqual(given);
      }),
    );
  });

  it("can be of a part of the samples", () => {
    fc.assert(
      fc.property(samples, fc.nat(200), fc.nat(200), (given, a, b) => {
        const from = Math.min(a, b, given.times.length);
        const to = Math.min(Math.max(a, b), given.times.length);
        expect(decodeSamples(encodeSamples(given, from, to))).toEqual({
          times: given.times.slice(from, to),
          values: given.values.slice(from, to),
          tags: given.tags.slice(from, to),
        });
      }),
    );
  });

  it("costs a steady sensor less than two bytes a reading", () => {
    expect(encodeSamples(steady(512)).length).toBeLessThan(2 * 512);
  });

  it("refuses bytes that are no chunk, and never hangs on them", () => {
    const refused = (bytes: Uint8Array) => {
      try {
        decodeSamples(bytes);
      } catch (error) {
        expect((error as Error).name).toBe("ForesightError");
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), refused));
    const whole = encodeSamples(steady(64));
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeSamples(whole.slice(0, length))).toThrow();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = whole.slice();
        damaged[at] = byte;
        refused(damaged);
      }),
    );
  });
});

it("keeps quality and kind in one tag", () => {
  for (const quality of QUALITIES)
    for (const kind of [0, 1, 7]) {
      expect(qualityOfTag(tagOf(quality, kind))).toBe(quality);
      expect(kindOfTag(tagOf(quality, kind))).toBe(kind);
    }
});
