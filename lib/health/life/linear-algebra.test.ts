import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choleskyFactor, inverse, Moments, solveFactor, symmetricEigen } from "./linear-algebra.ts";

/** A random symmetric positive definite matrix. */
const spd = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size * size, maxLength: size * size })
    .map((a) => {
      const matrix = new Float64Array(size * size);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          for (let k = 0; k < size; k++) matrix[i * size + j]! += a[i * size + k]! * a[j * size + k]!;
          if (i === j) matrix[i * size + j]! += 0.5;
        }
      return { size, matrix };
    }),
);

const times = (matrix: Float64Array, x: ArrayLike<number>, size: number) =>
  Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * x[j]!;
    return sum;
  });

describe("linear algebra", () => {
  it("solves what it has factored", () => {
    fc.assert(
      fc.property(spd, ({ size, matrix }) => {
        const b = Float64Array.from({ length: size }, (_, i) => i - 1);
        const x = solveFactor(choleskyFactor(matrix, size), b);
        for (const [i, value] of times(matrix, x, size).entries()) expect(value).toBeCloseTo(b[i]!, 6);
        const unit = times(matrix, inverse(matrix, size).subarray(0, size), size);
        for (const [i, value] of unit.entries()) expect(value).toBeCloseTo(i === 0 ? 1 : 0, 6);
      }),
    );
  });

  it("refuses a matrix that is not positive definite", () => {
    expect(() => choleskyFactor(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/singular/);
  });

  it("finds eigenvectors, greatest first, with their greatest element positive", () => {
    fc.assert(
      fc.property(spd, ({ size, matrix }) => {
        const { values, vectors } = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++) {
          const vector = vectors.subarray(i * size, (i + 1) * size);
          for (const [j, value] of times(matrix, vector, size).entries())
            expect(value).toBeCloseTo(values[i]! * vector[j]!, 6);
          if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]! + 1e-9);
          expect(Math.max(...vector)).toBeGreaterThanOrEqual(-Math.min(...vector) - 1e-9);
        }
      }),
    );
  });

  it("gathers the covariance row by row", () => {
    const moments = new Moments(2);
    for (const row of [
      [1, 2],
      [3, 2],
      [5, 8],
    ])
      moments.add(row);
    expect([...moments.mean]).toEqual([3, 4]);
    expect([...moments.covariance()]).toEqual([4, 6, 6, 12]);
  });
});
