import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { TRAINING, wearingFleet } from "../testing.ts";
import { trainLife } from "../training/train-life.ts";
import { middleGradient } from "./life-explanation.ts";
import { quadratic, quadraticTerms } from "./life-head.ts";
import { LifeModel } from "./life-model.ts";

let model: LifeModel;
/** Condition sensors by place in the model's sensors. */
let condition: number[];

beforeAll(() => {
  model = new LifeModel(trainLife(wearingFleet(16, { seed: 4 }), { ...TRAINING, folds: 2 }).parameters);
  condition = model.parameters.normalisation.condition;
}, 60_000);

const everySensor = () => condition.map(() => true);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("the explanation of a quadratic", () => {
  it("sums to its change, whatever the coefficients and the ends of the way", () => {
    const real = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((n) => {
          const list = (size: number) => fc.array(real, { minLength: size, maxLength: size });
          return fc.record({ coefficients: list(quadraticTerms(n)), from: list(n), to: list(n) });
        }),
        ({ coefficients, from, to }) => {
          const value = (u: number[]) => {
            const terms = new Float64Array(quadraticTerms(u.length));
            quadratic(Float64Array.from(u), terms);
            return sum(terms.map((term, k) => term * coefficients[k]!));
          };
          const gradient = middleGradient(coefficients, from, to);
          expect(sum(gradient.map((slope, i) => slope * (to[i]! - from[i]!)))).toBeCloseTo(
            value(to) - value(from),
            8,
          );
        },
      ),
    );
  });
});

describe("the explanation of a remaining life", () => {
  it("[R-8.49] sums to it for any state of an asset, bounded, clipped, young, old or with gaps", () => {
    let told = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 8, maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (seed, start, moved, absent) => {
          const run = wearingFleet(1, { seed }).runs[0]!;
          const state = model.initial();
          const { deviations } = model.parameters.normalisation;
          for (const [k, { timestamp, values }] of run.frames.entries()) {
            if (k < start * (run.frames.length - 15)) continue;
            const share = k / run.frames.length;
            const seen = values.map((value, i) => {
              const at = condition.indexOf(i);
              if (at < 0) return value;
              return absent[at] && share > 0.9 ? Number.NaN : value + share * moved[at]! * deviations[at]!;
            });
            const estimate = model.take(state, timestamp, seen);
            if (estimate.rul === null) continue;
            told++;
            const { life, as_new, by_age, by_sensor } = model.explain(state, everySensor());
            expect(life).toBeCloseTo(estimate.rul, 8);
            expect(as_new + by_age + sum(by_sensor)).toBeCloseTo(estimate.rul, 6);
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(told).toBeGreaterThan(1_000);
  }, 60_000);

  it("[R-8.49] names the sensor in which the wear shows as the one that takes most life", () => {
    const apart = new LifeModel(
      trainLife(wearingFleet(30, { seed: 4, apart: true }), { ...TRAINING, folds: 2 }).parameters,
    );
    const all = apart.parameters.normalisation.condition.map(() => true);
    expect(all).toHaveLength(5);
    let near = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(0, 0.4), (seed, start) => {
        for (const [i, { frames }] of wearingFleet(5, { seed, apart: true }).runs.entries()) {
          const state = apart.initial();
          for (const { timestamp, values } of frames.slice(start * frames.length)) {
            const told = apart.take(state, timestamp, values);
            if (told.rul === null || told.rul > 12) continue;
            near++;
            const { by_sensor, as_new } = apart.explain(state, all);
            expect(as_new).toBeGreaterThan(40);
            expect(by_sensor[i]).toBe(Math.min(...by_sensor));
            expect(by_sensor[i]).toBeLessThan(-5);
          }
        }
      }),
      { numRuns: 20 },
    );
    expect(near).toBeGreaterThan(500);
  }, 120_000);
});
