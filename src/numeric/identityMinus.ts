/**
 * Products with I − A and its transpose, and symmetric Gauss–Seidel sweeps. For a substochastic A,
 * I − A is an M-matrix and Gauss–Seidel always converges (Saad 2003, Iterative Methods for Sparse
 * Linear Systems, §4.2).
 */

import type { Csr } from './csr.ts';

/** Writes `out = x − A x`. `out` must not alias `x`. */
export function multiplyIdentityMinus(a: Csr, x: Float64Array, out: Float64Array): void {
  const { size, rowStart, column, value } = a;
  let k = 0;
  for (let i = 0; i < size; i++) {
    const end = rowStart[i + 1];
    let sum = 0;
    for (; k < end; k++) sum += value[k] * x[column[k]];
    out[i] = x[i] - sum;
  }
}

/** Writes `out = x − Aᵀ x`. `out` must not alias `x`. */
export function multiplyIdentityMinusTransposed(a: Csr, x: Float64Array, out: Float64Array): void {
  const { size, rowStart, column, value } = a;
  for (let i = 0; i < size; i++) out[i] = x[i];
  let k = 0;
  for (let i = 0; i < size; i++) {
    const end = rowStart[i + 1];
    const xi = x[i];
    for (; k < end; k++) out[column[k]] -= value[k] * xi;
  }
}

/** Writes `out[i] = 1 / (1 − A[i, i])`. */
export function inverseDiagonal(a: Csr, out: Float64Array): void {
  const { size, diagonal, value } = a;
  for (let i = 0; i < size; i++) out[i] = 1 / (1 - value[diagonal[i]]);
}

/**
 * One symmetric Gauss–Seidel sweep (forward, then backward) for (I − A) x = b, in place.
 * Returns the largest residual met on the way back.
 */
export function gaussSeidelSweep(
  a: Csr,
  inverse: Float64Array,
  b: Float64Array,
  x: Float64Array,
): number {
  const { size, rowStart, column, value } = a;
  let largest = 0;
  for (let half = 0; half < 2; half++)
    for (let turn = 0; turn < size; turn++) {
      const i = half === 0 ? turn : size - 1 - turn;
      const end = rowStart[i + 1];
      let sum = b[i] - x[i];
      for (let k = rowStart[i]; k < end; k++) sum += value[k] * x[column[k]];
      x[i] += sum * inverse[i];
      if (half === 1 && !(Math.abs(sum) <= largest)) largest = Math.abs(sum);
    }
  return largest;
}
