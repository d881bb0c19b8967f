import fc from "fast-check";
import { expect, it } from "vitest";
import { emptySamples, type Samples } from "./chunk.ts";
import { concatSamples, insertSample, lowerBound, sliceSamples, unionSamples } from "./samples.ts";

const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 });

/** Inserted in the order given; the value tells which list and which place a sample is from. */
function inserted(given: readonly number[], offset: number): Samples {
  const samples = emptySamples();
  for (const [i, time] of given.entries()) insertSample(samples, time, offset + i, i % 3);
  return samples;
}

function firstValues(given: readonly number[], offset: number): Map<number, number> {
  const first = new Map<number, number>();
  given.forEach((time, i) => {
    if (!first.has(time)) first.set(time, offset + i);
  });
  return first;
}

const ascending = (of: Map<number, number>) => [...of].sort(([a], [b]) => a - b);
const pairs = ({ times, values }: Samples) => times.map((time, i) => [time, values[i]]);

it("inserts in any order, and the first value of a time stays", () => {
  fc.assert(
    fc.property(times, (given) => {
      expect(pairs(inserted(given, 0))).toEqual(ascending(firstValues(given, 0)));
    }),
  );
});

it("unites two lists, and what the first has stays", () => {
  fc.assert(
    fc.property(times, times, (a, b) => {
      const union = unionSamples(inserted(a, 0), inserted(b, 1_000));
      const expected = new Map([...firstValues(b, 1_000), ...firstValues(a, 0)]);
      expect(pairs(union)).toEqual(ascending(expected));
    }),
  );
});

it("is whole again when its parts are put together", () => {
  fc.assert(
    fc.property(times, fc.nat(60), (given, at) => {
      const samples = inserted(given, 0);
      expect(concatSamples(sliceSamples(samples, 0, at), sliceSamples(samples, at))).toEqual(samples);
    }),
  );
});

it("finds the first time that is not before one", () => {
  fc.assert(
    fc.property(times, fc.integer({ min: -1, max: 61 }), (given, at) => {
      const { times: sorted } = inserted(given, 0);
      const found = sorted.findIndex((time) => time >= at);
      expect(lowerBound(sorted, at)).toBe(found === -1 ? sorted.length : found);
    }),
  );
});
