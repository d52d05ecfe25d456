/**
 * The inverse of a symmetric positive definite matrix on what is left beside given directions.
 *
 *   A⁺ = (P A P + Q D Qᵀ)⁻¹ − Q D⁻¹ Qᵀ,   P = I − Q Qᵀ
 *
 * with Q an orthonormal basis of the directions and D any positive diagonal: the inverse of A where
 * A acts orthogonally to Q, zero along Q. Without directions it is A⁻¹.
 */

import { symmetricEigen } from './symmetricEigen.ts';

/** Eigenvalues below this share of the largest, at unit diagonal, are round-off. */
const SINGULAR = 1e-12;

/**
 * Returns [size × size] A⁺, or null where A is not positive definite beside the directions.
 *
 * @param matrix [size × size] A, symmetric
 * @param directions [size] each, linearly independent
 */
export function complementInverse(
  matrix: Float64Array,
  size: number,
  directions: readonly Float64Array[],
): Float64Array | null {
  const basis = orthonormal(directions);
  const inside = Float64Array.from(matrix);
  for (const q of basis) projectOut(inside, size, q);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += inside[i * size + i];
  const filling = trace > 0 ? trace / Math.max(1, size - basis.length) : 1;
  for (const q of basis) addProduct(filling, q, inside);
  const inverse = invertPositive(inside, size);
  if (inverse) for (const q of basis) addProduct(-1 / filling, q, inverse);
  return inverse;
}

/** Returns A⁻¹ by eigenvalues at unit diagonal; null where A is not positive definite. */
function invertPositive(matrix: Float64Array, size: number): Float64Array | null {
  const scale = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const d = matrix[i * size + i];
    if (!(d > 0 && d < Number.POSITIVE_INFINITY)) return null;
    scale[i] = 1 / Math.sqrt(d);
  }
  const scaled = matrix.map((a, ij) => a * scale[Math.floor(ij / size)] * scale[ij % size]);
  if (!scaled.every(Number.isFinite)) return null;
  const { values, vectors } = symmetricEigen(scaled, size);
  if (size > 0 && !(values[0] > SINGULAR * values[size - 1])) return null;
  const inverse = new Float64Array(size * size);
  for (let e = 0; e < size; e++) {
    const v = vectors.subarray(e * size, (e + 1) * size);
    addProduct(1 / values[e], v, inverse);
  }
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) inverse[i * size + j] *= scale[i] * scale[j];
  return inverse;
}

/** Gram–Schmidt, twice, which is enough. */
function orthonormal(directions: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const direction of directions) {
    const q = direction.slice();
    for (const pass of [1, 2]) {
      for (const other of basis) {
        const along = inner(q, other);
        for (let i = 0; i < q.length; i++) q[i] -= along * other[i];
      }
      const length = Math.sqrt(inner(q, q));
      if (!(length > 0))
        throw new RangeError(`Cannot set a direction aside: it depends on others (pass ${pass})`);
      for (let i = 0; i < q.length; i++) q[i] /= length;
    }
    basis.push(q);
  }
  return basis;
}

function inner(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Overwrites A with (I − q qᵀ) A (I − q qᵀ). */
function projectOut(matrix: Float64Array, size: number, q: Float64Array): void {
  const along = new Float64Array(size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) along[i] += matrix[i * size + j] * q[j];
  const twice = inner(q, along);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      matrix[i * size + j] += twice * q[i] * q[j] - q[i] * along[j] - along[i] * q[j];
}

/** Adds weight · x xᵀ. */
function addProduct(weight: number, x: Float64Array, out: Float64Array): void {
  const size = x.length;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) out[i * size + j] += weight * x[i] * x[j];
}
