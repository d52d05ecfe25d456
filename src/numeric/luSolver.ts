/**
 * Solves A x = b for one small dense A and many b, by P A = L U with partial pivoting.
 *
 * Reference: Golub & Van Loan (2013), Matrix Computations, §3.4.
 */

/**
 * Factors `matrix` and returns a function that overwrites b [size] with x; null where the matrix is
 * singular to working precision.
 *
 * @param matrix [size × size, row-major]
 */
export function luSolver(matrix: Float64Array, size: number): ((b: Float64Array) => void) | null {
  const factor = Float64Array.from(matrix);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const largest = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++)
      if (Math.abs(factor[i * size + k]) > Math.abs(factor[pivot * size + k])) pivot = i;
    if (!(Math.abs(factor[pivot * size + k]) > 1e-15 * largest)) return null;
    if (pivot !== k) swapRows(factor, order, size, pivot, k);
    const diagonal = factor[k * size + k];
    for (let i = k + 1; i < size; i++) {
      const share = factor[i * size + k] / diagonal;
      factor[i * size + k] = share;
      if (share === 0) continue;
      for (let j = k + 1; j < size; j++) factor[i * size + j] -= share * factor[k * size + j];
    }
  }
  const x = new Float64Array(size);
  return (b) => {
    for (let i = 0; i < size; i++) {
      let sum = b[order[i]];
      for (let j = 0; j < i; j++) sum -= factor[i * size + j] * x[j];
      x[i] = sum;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i];
      for (let j = i + 1; j < size; j++) sum -= factor[i * size + j] * x[j];
      x[i] = sum / factor[i * size + i];
    }
    b.set(x);
  };
}

function swapRows(matrix: Float64Array, order: Int32Array, size: number, i: number, k: number) {
  const row = matrix.slice(i * size, (i + 1) * size);
  matrix.copyWithin(i * size, k * size, (k + 1) * size);
  matrix.set(row, k * size);
  [order[i], order[k]] = [order[k], order[i]];
}
