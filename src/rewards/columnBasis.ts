/**
 * An orthonormal basis Q of the columns of F, by modified Gram–Schmidt, twice for round-off:
 *
 *   F = Q R,   the projection of x is Q Qᵀ x,   its coefficients R⁻¹ Qᵀ x
 *
 * Columns that others already express are left out; their coefficients are 0.
 *
 * Reference: Golub & Van Loan (2013), Matrix computations, section 5.2.8.
 */

export interface ColumnBasis {
  readonly rank: number;
  /** Takes from x [rows] what the columns can express. */
  removeFrom(x: Float64Array): void;
  /** Returns [columns] with which the columns come closest to x [rows]. */
  coefficientsOf(x: Float64Array): Float64Array;
}

/** What is left of a column, as a share of it, that counts as nothing. */
const NOTHING = 1e-10;

/** @param values [rows × columns] */
export function columnBasis(values: Float64Array, rows: number, columns: number): ColumnBasis {
  const basis: Float64Array[] = [];
  const kept: number[] = [];
  /** Of each column that is kept, its coefficients in the basis before it, and its own. */
  const upper: Float64Array[] = [];
  for (let k = 0; k < columns; k++) {
    const x = Float64Array.from({ length: rows }, (_, i) => values[i * columns + k]);
    const size = Math.sqrt(inner(x, x));
    const share = new Float64Array(basis.length + 1);
    for (let round = 0; round < 2; round++)
      basis.forEach((q, j) => {
        share[j] += takeAlong(q, x);
      });
    const left = Math.sqrt(inner(x, x));
    if (!(left > NOTHING * size)) continue;
    share[basis.length] = left;
    basis.push(x.map((value) => value / left));
    kept.push(k);
    upper.push(share);
  }

  return {
    rank: basis.length,
    removeFrom(x) {
      for (const q of basis) takeAlong(q, x);
    },
    coefficientsOf(x) {
      const left = x.slice();
      const along = basis.map((q) => takeAlong(q, left));
      const out = new Float64Array(columns);
      for (let j = basis.length - 1; j >= 0; j--) {
        const coefficient = along[j] / upper[j][j];
        out[kept[j]] = coefficient;
        for (let i = 0; i < j; i++) along[i] -= upper[j][i] * coefficient;
      }
      return out;
    },
  };
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Takes from x its part along a unit vector; returns how long it was. */
function takeAlong(q: Float64Array, x: Float64Array): number {
  const share = inner(q, x);
  for (let i = 0; i < x.length; i++) x[i] -= share * q[i];
  return share;
}
