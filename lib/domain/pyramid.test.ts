import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Samples } from "./chunk.ts";
import { Buckets, combine, decodeSummary, encodeSummary, evenEnds, summarize } from "./pyramid.ts";

const samples = (most = 300): fc.Arbitrary<Samples> =>
  fc
    .uniqueArray(
      fc.tuple(
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(8),
      ),
      { selector: ([at]) => at, minLength: 1, maxLength: most },
    )
    .map((list) => {
      const sorted = [...list].sort(([a], [b]) => a - b);
      return {
        times: sorted.map(([at]) => at),
        values: sorted.map(([, v]) => v),
        tags: sorted.map(([, , tag]) => tag),
      };
    });

describe("a summary", () => {
  it("has the extremes, the worst quality and the mean of what it sums up", () => {
    fc.assert(
      fc.property(samples(), (given) => {
        const summary = summarize(given);
        expect(summary).toMatchObject({
          first: given.times[0],
          last: given.times.at(-1),
          count: given.times.length,
          min: Math.min(...given.values),
          max: Math.max(...given.values),
          quality: Math.max(...given.tags.map((tag) => tag % 3)),
        });
        expect(Number.isFinite(summary.mean)).toBe(true);
      }),
    );
  });

  it("is the same of the parts as of the whole, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 200 }),
        fc.nat(),
        (values, cut) => {
          const given = { times: values.map((_, i) => i), values, tags: values.map((_, i) => i % 3) };
          const at = 1 + (cut % (values.length - 1));
          const { mean, ...rest } = combine([summarize(given, 0, at), summarize(given, at)]);
          const { mean: whole, ...expected } = summarize(given);
          expect(rest).toEqual(expected);
          expect(Math.abs(mean - whole)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it("comes back as it was stored", () => {
    fc.assert(
      fc.property(samples(), (given) => {
        const summary = summarize(given);
        expect(decodeSummary(summary.first, summary.last, encodeSummary(summary))).toEqual(summary);
      }),
    );
    expect(() => decodeSummary(0, 1, new Uint8Array(7))).toThrow(/7 bytes/);
  });

  it("has a mean even where the sum is beyond the largest number", () => {
    const values = [1.5e308, 1.5e308, 1.2e308];
    const summary = summarize({ times: [1, 2, 3], values, tags: [0, 0, 0] });
    expect(summary.mean / 1.4e308).toBeCloseTo(1, 12);
  });
});

describe("buckets", () => {
  it("lose no reading and no extreme, in whatever order the parts come", () => {
    fc.assert(
      fc.property(samples(), fc.integer({ min: 1, max: 40 }), fc.nat(), (given, most, seed) => {
        const last = given.times.length - 1;
        const buckets = new Buckets(given.times[0]!, given.times[last]!, most);
        const cut = seed % (last + 1);
        buckets.addSamples(given, cut, last + 1);
        buckets.addSamples(given, 0, cut);
        const points = buckets.points();
        expect(points.length).toBeLessThanOrEqual(most);
        expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(last + 1);
        expect(Math.min(...points.map(({ min }) => min))).toBe(Math.min(...given.values));
        expect(Math.max(...points.map(({ max }) => max))).toBe(Math.max(...given.values));
        for (let i = 1; i < points.length; i++)
          expect(points[i]!.timestamp).toBeGreaterThan(points[i - 1]!.until);
      }),
    );
  });
});

it("divides a length into even parts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (length) => {
      const ends = evenEnds(length, 32);
      expect(ends.at(-1)).toBe(length);
      const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      if (length >= 32) expect(Math.min(...sizes)).toBeGreaterThanOrEqual(32);
    }),
  );
});
