import { ForesightError } from "../../domain/errors.ts";

/** Small dense linear algebra. Matrices are row after row in a Float64Array; symmetric ones are stored whole. */

/**
 * Cholesky factor L (lower, whole square) of a positive definite matrix: A = L Lᵀ.
 * @throws ForesightError `invalid_request` where the matrix is not positive definite
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j]!;
      else if (sum > 0) factor[i * size + i] = Math.sqrt(sum);
      else throw new ForesightError("invalid_request", "The data are degenerate: a matrix is singular.");
    }
  }
  return factor;
}

/** Solves L Lᵀ x = b. */
export function solveFactor(factor: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * x[k]!;
    x[i] = sum / factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * x[k]!;
    x[i] = sum / factor[i * size + i]!;
  }
  return x;
}

/** Inverse of a symmetric positive definite matrix. @throws as `choleskyFactor` */
export function inverse(matrix: Float64Array, size: number): Float64Array {
  const factor = choleskyFactor(matrix, size);
  const result = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solveFactor(factor, unit);
    for (let row = 0; row < size; row++) result[row * size + column] = solved[row]!;
  }
  return result;
}

const SWEEPS = 60;

/**
 * Eigenvalues, greatest first, and eigenvectors (row i belongs to value i) of a symmetric matrix by cyclic Jacobi
 * rotations (Golub & Van Loan, Matrix Computations, 8.5). A vector's greatest element is positive, so that the same
 * matrix always gives the same vectors.
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < size; i++) {
      diagonal += a[i * size + i]! ** 2;
      for (let j = 0; j < i; j++) off += a[i * size + j]! ** 2;
    }
    if (off <= 1e-24 * diagonal) break;
    for (let p = 0; p < size - 1; p++)
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q]!;
        if (apq === 0) continue;
        const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < size; k++) {
          const akp = a[k * size + p]!;
          const akq = a[k * size + q]!;
          a[k * size + p] = c * akp - s * akq;
          a[k * size + q] = s * akp + c * akq;
        }
        for (let k = 0; k < size; k++) {
          const apk = a[p * size + k]!;
          const aqk = a[q * size + k]!;
          a[p * size + k] = c * apk - s * aqk;
          a[q * size + k] = s * apk + c * aqk;
          const vpk = v[p * size + k]!;
          const vqk = v[q * size + k]!;
          v[p * size + k] = c * vpk - s * vqk;
          v[q * size + k] = s * vpk + c * vqk;
        }
      }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]! || i - j,
  );
  const values = Float64Array.from(order, (i) => a[i * size + i]!);
  const vectors = new Float64Array(size * size);
  for (const [row, from] of order.entries()) {
    const vector = v.subarray(from * size, (from + 1) * size);
    let largest = 0;
    for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
    for (let k = 0; k < size; k++) vectors[row * size + k] = largest < 0 ? -vector[k]! : vector[k]!;
  }
  return { values, vectors };
}

/** Sums of products about the mean, for a covariance that grows row by row. */
export class Moments {
  count = 0;
  readonly mean: Float64Array;
  /** Σ (x − mean)(x − mean)ᵀ, whole square. */
  readonly scatter: Float64Array;
  private readonly before: Float64Array;

  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.scatter = new Float64Array(size * size);
    this.before = new Float64Array(size);
  }

  add(row: ArrayLike<number>): void {
    this.count++;
    const { size, mean, scatter, before } = this;
    for (let i = 0; i < size; i++) {
      before[i] = row[i]! - mean[i]!;
      mean[i]! += before[i]! / this.count;
    }
    const share = (this.count - 1) / this.count;
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) scatter[i * size + j]! += share * before[i]! * before[j]!;
  }

  /** Of the rows so far; `ridge` × the mean variance is added to the diagonal. */
  covariance(ridge = 0): Float64Array {
    const { size, scatter } = this;
    const result = new Float64Array(size * size);
    const n = Math.max(1, this.count - 1);
    let trace = 0;
    for (let i = 0; i < size; i++) {
      trace += scatter[i * size + i]! / n;
      for (let j = 0; j <= i; j++) {
        result[i * size + j] = scatter[i * size + j]! / n;
        result[j * size + i] = result[i * size + j]!;
      }
    }
    for (let i = 0; i < size; i++) result[i * size + i]! += (ridge * trace) / size;
    return result;
  }
}
