/**
 * Textbook linear algebra on arrays of arrays, for systems of at most a few dozen unknowns.
 *
 *   solveDense        A X = B by Gaussian elimination with partial pivoting
 *   symmetricSpectrum A = Q Λ Qᵀ by cyclic Jacobi rotations
 */

export type Matrix = number[][];

/**
 * Returns X, [rows][right-hand sides], or null where A is singular to working precision.
 *
 * @param a [rows][rows], left as it is
 * @param b [rows][right-hand sides], left as it is
 */
export function solveDense(a: Matrix, b: Matrix): Matrix | null {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...b[i]]);
  const size = Math.max(...a.map((row) => Math.max(...row.map(Math.abs))), 0);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    }
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    if (!(Math.abs(rows[k][k]) > 1e-15 * size)) return null;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      if (factor === 0) continue;
      for (let j = k; j < rows[i].length; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = n; j < rows[k].length; j++) {
      for (let i = k + 1; i < n; i++) rows[k][j] -= rows[k][i] * rows[i][j];
      rows[k][j] /= rows[k][k];
    }
  }
  return rows.map((row) => row.slice(n));
}

/** Returns the eigenvalues of a symmetric matrix, smallest first. */
export function symmetricSpectrum(symmetric: Matrix): number[] {
  const a = symmetric.map((row) => [...row]);
  const n = a.length;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k][p], a[k][q]];
          a[k][p] = c * x - s * y;
          a[k][q] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p][k], a[q][k]];
          a[p][k] = c * x - s * y;
          a[q][k] = s * x + c * y;
        }
      }
    }
  }
  return a.map((row, i) => row[i]).sort((x, y) => x - y);
}
