/** Lower triangles of symmetric matrices, row after row: element (i, j ≤ i) is at i(i + 1)/2 + j. */
export function triangle(size: number): number {
  return (size * (size + 1)) / 2;
}

/**
 * Correlations of a scatter matrix, shrunk towards none by the intensity of Schäfer & Strimmer (2005, "A shrinkage
 * approach to large-scale covariance matrix estimation", target D): what few samples pretend is taken back.
 * @param scatter lower triangle of sums of products; rows with a diagonal of 0 come out uncorrelated
 * @param members rows of `scatter` that are wanted, in order
 * @param samples effective number of independent samples behind it
 */
export function shrunkCorrelation(
  scatter: ArrayLike<number>,
  members: readonly number[],
  samples: number,
): Float64Array {
  const size = members.length;
  const result = new Float64Array(triangle(size));
  let squares = 0;
  let variances = 0;
  for (let i = 0; i < size; i++) {
    const a = members[i]!;
    result[triangle(i) + i] = 1;
    for (let j = 0; j < i; j++) {
      const b = members[j]!;
      const [row, column] = a > b ? [a, b] : [b, a];
      const norm = Math.sqrt(scatter[triangle(a) + a]! * scatter[triangle(b) + b]!);
      const r = norm > 0 ? Math.max(-1, Math.min(1, scatter[triangle(row) + column]! / norm)) : 0;
      result[triangle(i) + j] = r;
      squares += r * r;
      variances += (1 - r * r) ** 2 / Math.max(1, samples - 1);
    }
  }
  const shrink = squares > 0 ? Math.min(1, Math.max(MINIMUM_SHRINKAGE, variances / squares)) : 1;
  for (let i = 1; i < size; i++) for (let j = 0; j < i; j++) result[triangle(i) + j]! *= 1 - shrink;
  return result;
}

/** Keeps the matrix well away from singular where sensors copy one another. */
const MINIMUM_SHRINKAGE = 0.02;

/** Cholesky factor L (lower) of a positive definite matrix, A = L Lᵀ; tiny pivots are raised to keep it finite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(triangle(size));
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) {
      const other = triangle(j);
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      factor[row + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / factor[other + j]!;
    }
  }
  return factor;
}

/** Solves L Lᵀ x = b. */
export function solveCholesky(factor: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * x[k]!;
    x[i] = sum / factor[row + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[triangle(k) + i]! * x[k]!;
    x[i] = sum / factor[triangle(i) + i]!;
  }
  return x;
}
