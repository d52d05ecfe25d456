/** Quadratic forms of small dense symmetric matrices, row-major. */

import { complementInverse } from './complementInverse.ts';

/** Returns R C Rᵀ [rows × rows] of R [rows × size] and symmetric C [size × size]. */
export function congruence(r: Float64Array, c: Float64Array, size: number): Float64Array {
  const rows = r.length / size;
  const out = new Float64Array(rows * rows);
  const along = new Float64Array(size);
  for (let a = 0; a < rows; a++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += r[a * size + k] * c[k * size + j];
      along[j] = sum;
    }
    for (let b = 0; b < rows; b++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += along[k] * r[b * size + k];
      out[a * rows + b] = sum;
    }
  }
  return out;
}

/** Returns xᵀ A⁻¹ x; null where A is not positive definite. */
export function inverseForm(x: Float64Array, matrix: Float64Array): number | null {
  const inverse = complementInverse(matrix, x.length, []);
  return inverse && congruence(x, inverse, x.length)[0];
}
