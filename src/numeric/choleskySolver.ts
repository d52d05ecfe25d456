/**
 * Solves A x = b for one symmetric positive definite A and many b, by A = L Lᵀ.
 *
 * Reference: Golub & Van Loan (2013), Matrix Computations, §4.2.
 */

/**
 * Factors `matrix` and returns a function that overwrites b [size] with x; null where the matrix is
 * not positive definite to working precision.
 *
 * @param matrix [size × size, row-major]; only the lower triangle is read
 */
export function choleskySolver(
  matrix: Float64Array,
  size: number,
): ((b: Float64Array) => void) | null {
  const factor = Float64Array.from(matrix);
  for (let j = 0; j < size; j++) {
    const diagonal = matrix[j * size + j];
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= factor[j * size + k] ** 2;
    // what is left of a dependent column is round-off
    if (!(pivot > 1e-14 * diagonal)) return null;
    const root = Math.sqrt(pivot);
    for (let i = j + 1; i < size; i++) {
      let sum = factor[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] = sum / root;
    }
    factor[j * size + j] = root;
  }
  return (b) => {
    for (let i = 0; i < size; i++) {
      let sum = b[i];
      for (let k = 0; k < i; k++) sum -= factor[i * size + k] * b[k];
      b[i] = sum / factor[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[i];
      for (let k = i + 1; k < size; k++) sum -= factor[k * size + i] * b[k];
      b[i] = sum / factor[i * size + i];
    }
  };
}
