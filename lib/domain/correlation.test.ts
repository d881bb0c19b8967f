import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cholesky, shrunkCorrelation, solveCholesky, triangle } from "./correlation.ts";

/** Scatter matrix (lower triangle) of rows of deviations. */
function scatterOf(rows: number[][], size: number): Float64Array {
  const scatter = new Float64Array(triangle(size));
  for (const row of rows)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) scatter[triangle(i) + j]! += row[i]! * row[j]!;
  return scatter;
}

describe("correlations", () => {
  it("keep what many samples show and take back what few pretend", () => {
    const scatter = scatterOf(
      [
        [1, 1, 0],
        [-1, -1, 0],
        [1, 1, 1],
        [-1, -1, 1],
      ],
      3,
    );
    const many = shrunkCorrelation(scatter, [0, 1, 2], 1e6);
    expect(many[triangle(1)]).toBeCloseTo(0.98, 2);
    const few = shrunkCorrelation(scatter, [0, 1, 2], 2);
    expect(Math.abs(few[triangle(1)]!)).toBeLessThan(0.5);
  });

  it("take members in the order asked for, and a sensor that never moved as uncorrelated", () => {
    const scatter = scatterOf(
      [
        [1, 0, 2],
        [-1, 0, -2],
      ],
      3,
    );
    const matrix = shrunkCorrelation(scatter, [2, 1, 0], 1e6);
    expect(matrix[triangle(1)]).toBe(0);
    expect(matrix[triangle(2)]).toBeCloseTo(0.98, 2);
  });

  it("give a system that can be solved, whatever the deviations", () => {
    const size = 5;
    const finite = fc.integer({ min: -1e6, max: 1e6 }).map((thousandths) => thousandths / 1e3);
    const vector = fc.array(finite, { minLength: size, maxLength: size });
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 8 }), vector, (rows, b) => {
        const matrix = shrunkCorrelation(scatterOf(rows, size), [0, 1, 2, 3, 4], 10);
        const x = solveCholesky(cholesky(matrix, size), Float64Array.from(b));
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let j = 0; j < size; j++) sum += matrix[i >= j ? triangle(i) + j : triangle(j) + i]! * x[j]!;
          expect(sum).toBeCloseTo(b[i]!, 6);
        }
      }),
    );
  });
});
