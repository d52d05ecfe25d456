/**
 * Whether a symmetric matrix is positive definite: its Cholesky factorisation tells.
 *
 * @param matrix [size × size, row-major]; only the lower triangle is read
 */
export function isPositiveDefinite(matrix: Float64Array, size: number): boolean {
  const factor = Float64Array.from(matrix);
  for (let j = 0; j < size; j++) {
    let pivot = factor[j * size + j];
    for (let k = 0; k < j; k++) pivot -= factor[j * size + k] ** 2;
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    for (let i = j + 1; i < size; i++) {
      let sum = factor[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] = sum / root;
    }
    factor[j * size + j] = root;
  }
  return true;
}
