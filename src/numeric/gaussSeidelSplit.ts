/**
 * I − A preconditioned from both sides by the halves of symmetric Gauss–Seidel, at the price of the
 * preconditioner alone. With I − A = D − L − U,
 *
 *   Â = (D − L)⁻¹ (I − A) (D − U)⁻¹ D,   Â v = t + (D − L)⁻¹ D (v − t),   t = (D − U)⁻¹ D v
 *
 * and D (v − t) = −U t falls out of the substitution for t: no product with A is ever formed. For
 * the transpose Uᵀ takes the place of L and Lᵀ that of U; rows are then scattered, not gathered.
 *
 * Reference: Eisenstat (1981), SIAM J. Sci. Stat. Comput. 2, 1–4.
 */

import type { Csr } from './csr.ts';

/** The pieces of the split, for I − A or its transpose. `inverse` is what `inverseDiagonal` writes. */
export interface GaussSeidelSplit {
  /** Writes `out = Â v` and `t`. */
  multiply(
    a: Csr,
    inverse: Float64Array,
    v: Float64Array,
    t: Float64Array,
    out: Float64Array,
  ): void;
  /** Writes `out = (D − U)⁻¹ D v`: from the preconditioned unknown to x. */
  toSolution(a: Csr, inverse: Float64Array, v: Float64Array, out: Float64Array): void;
  /** Writes `out = (D − L)⁻¹ r`: from the residual to the preconditioned one. */
  fromResidual(a: Csr, inverse: Float64Array, r: Float64Array, out: Float64Array): void;
  /** Writes `out = (D − L) r`, the way back. */
  toResidual(a: Csr, inverse: Float64Array, r: Float64Array, out: Float64Array): void;
}

export const split: GaussSeidelSplit = {
  multiply(a, inverse, v, t, out) {
    const { size, rowStart, column, diagonal, value } = a;
    for (let i = size - 1; i >= 0; i--) {
      const end = rowStart[i + 1];
      let sum = 0;
      for (let k = diagonal[i] + 1; k < end; k++) sum += value[k] * t[column[k]];
      t[i] = v[i] + sum * inverse[i];
      out[i] = -sum;
    }
    for (let i = 0; i < size; i++) {
      const end = diagonal[i];
      let sum = out[i];
      for (let k = rowStart[i]; k < end; k++) sum += value[k] * out[column[k]];
      out[i] = sum * inverse[i];
    }
    for (let i = 0; i < size; i++) out[i] += t[i];
  },
  toSolution(a, inverse, v, out) {
    const { size, rowStart, column, diagonal, value } = a;
    for (let i = size - 1; i >= 0; i--) {
      const end = rowStart[i + 1];
      let sum = 0;
      for (let k = diagonal[i] + 1; k < end; k++) sum += value[k] * out[column[k]];
      out[i] = v[i] + sum * inverse[i];
    }
  },
  fromResidual(a, inverse, r, out) {
    const { size, rowStart, column, diagonal, value } = a;
    for (let i = 0; i < size; i++) {
      const end = diagonal[i];
      let sum = r[i];
      for (let k = rowStart[i]; k < end; k++) sum += value[k] * out[column[k]];
      out[i] = sum * inverse[i];
    }
  },
  toResidual(a, inverse, r, out) {
    const { size, rowStart, column, diagonal, value } = a;
    for (let i = 0; i < size; i++) {
      const end = diagonal[i];
      let sum = 0;
      for (let k = rowStart[i]; k < end; k++) sum += value[k] * r[column[k]];
      out[i] = r[i] / inverse[i] - sum;
    }
  },
};

export const splitTransposed: GaussSeidelSplit = {
  multiply(a, inverse, v, t, out) {
    const { size, rowStart, column, diagonal, value } = a;
    out.fill(0);
    for (let i = size - 1; i >= 0; i--) {
      const end = diagonal[i];
      const ti = v[i] + out[i] * inverse[i];
      t[i] = ti;
      for (let k = rowStart[i]; k < end; k++) out[column[k]] += value[k] * ti;
      // Complete: later rows only reach further back.
      out[i] = -out[i];
    }
    for (let i = 0; i < size; i++) {
      const end = rowStart[i + 1];
      const y = out[i] * inverse[i];
      out[i] = y + t[i];
      for (let k = diagonal[i] + 1; k < end; k++) out[column[k]] += value[k] * y;
    }
  },
  toSolution(a, inverse, v, out) {
    const { size, rowStart, column, diagonal, value } = a;
    out.fill(0);
    for (let i = size - 1; i >= 0; i--) {
      const end = diagonal[i];
      const x = v[i] + out[i] * inverse[i];
      out[i] = x;
      for (let k = rowStart[i]; k < end; k++) out[column[k]] += value[k] * x;
    }
  },
  fromResidual(a, inverse, r, out) {
    const { size, rowStart, column, diagonal, value } = a;
    out.set(r);
    for (let i = 0; i < size; i++) {
      const end = rowStart[i + 1];
      const y = out[i] * inverse[i];
      out[i] = y;
      for (let k = diagonal[i] + 1; k < end; k++) out[column[k]] += value[k] * y;
    }
  },
  toResidual(a, inverse, r, out) {
    const { size, rowStart, column, diagonal, value } = a;
    for (let i = 0; i < size; i++) out[i] = r[i] / inverse[i];
    for (let i = 0; i < size; i++) {
      const end = rowStart[i + 1];
      const x = r[i];
      for (let k = diagonal[i] + 1; k < end; k++) out[column[k]] -= value[k] * x;
    }
  },
};
