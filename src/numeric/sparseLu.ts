/**
 * Sparse A = I − M = L U without pivoting, row by row, for M ≥ 0.
 *
 *   l_ik = (a_ik − Σ_{j<k} l_ij u_jk) / u_kk      k < i
 *   u_ij =  a_ij − Σ_{k<i} l_ik u_kj              j ≥ i
 *
 * I − M is a nonsingular M-matrix exactly if the spectral radius of M is below 1, and then exactly
 * if every pivot u_kk is positive: the factorisation is its own test. Off the diagonal all terms
 * have one sign, so nothing cancels and the factors are accurate entry by entry.
 *
 * Reference: Berman & Plemmons (1994), Nonnegative Matrices in the Mathematical Sciences, th. 6.2.3.
 */

import type { LuPattern } from './luPattern.ts';

/** Numbers on the pattern of L and U: the factors, their tangents, or their adjoints. */
export interface Triangular {
  /** [size] diagonal of U. */
  readonly pivot: Float64Array;
  /** Strictly lower L, as `LuPattern.lowerRow`. */
  readonly lower: Float64Array;
  /** Strictly upper U, as `LuPattern.upperColumn`. */
  readonly upper: Float64Array;
  /** [size] one dense row to work on; zero between calls. */
  readonly row: Float64Array;
}

export interface LuFactors extends Triangular {
  readonly pattern: LuPattern;
  /** [size] 1 / pivot. */
  readonly inversePivot: Float64Array;
}

export function createTriangular(pattern: LuPattern): Triangular {
  return {
    pivot: new Float64Array(pattern.size),
    lower: new Float64Array(pattern.lowerRow.length),
    upper: new Float64Array(pattern.upperColumn.length),
    row: new Float64Array(pattern.size),
  };
}

export function createFactors(pattern: LuPattern): LuFactors {
  const inversePivot = new Float64Array(pattern.size);
  return { ...createTriangular(pattern), pattern, inversePivot };
}

/**
 * Overwrites `factors` with those of I − M. Returns −1, or the first step with a pivot that is not
 * positive, where it stops: the spectral radius of M is then at least 1.
 *
 * @param m [entries of the pattern] M ≥ 0
 */
export function factorize(factors: LuFactors, m: Float64Array): number {
  const { pattern, pivot, inversePivot, lower, upper, row } = factors;
  const { size, order, rowStart, entryPosition, upperStart, upperColumn } = pattern;
  const { lowerRowStart, lowerRowColumn, lowerRowEntry } = pattern;
  for (let i = 0; i < size; i++) {
    row[i] = 1;
    const entryEnd = rowStart[order[i] + 1];
    for (let e = rowStart[order[i]]; e < entryEnd; e++) row[entryPosition[e]] -= m[e];
    const lowerEnd = lowerRowStart[i + 1];
    for (let t = lowerRowStart[i]; t < lowerEnd; t++) {
      const k = lowerRowColumn[t];
      const l = row[k] * inversePivot[k];
      row[k] = 0;
      lower[lowerRowEntry[t]] = l;
      const end = upperStart[k + 1];
      for (let q = upperStart[k]; q < end; q++) row[upperColumn[q]] -= l * upper[q];
    }
    const upperEnd = upperStart[i + 1];
    for (let q = upperStart[i]; q < upperEnd; q++) {
      const j = upperColumn[q];
      upper[q] = row[j];
      row[j] = 0;
    }
    const p = row[i];
    row[i] = 0;
    pivot[i] = p;
    inversePivot[i] = 1 / p;
    if (!(p > 0)) return i;
  }
  return -1;
}

/**
 * Writes `out = (I − M)⁻¹ b`.
 *
 * @param out [size], overwritten; may alias `b`
 */
export function solveLu(factors: LuFactors, b: Float64Array, out: Float64Array): void {
  const { pattern, inversePivot, lower, upper, row: x } = factors;
  const { size, order, lowerStart, lowerRow, upperStart, upperColumn } = pattern;
  for (let k = 0; k < size; k++) x[k] = b[order[k]];
  for (let k = 0; k < size; k++) {
    const y = x[k];
    if (y === 0) continue;
    const end = lowerStart[k + 1];
    for (let p = lowerStart[k]; p < end; p++) x[lowerRow[p]] -= lower[p] * y;
  }
  for (let k = size - 1; k >= 0; k--) {
    let sum = x[k];
    const end = upperStart[k + 1];
    for (let q = upperStart[k]; q < end; q++) sum -= upper[q] * x[upperColumn[q]];
    x[k] = sum * inversePivot[k];
  }
  for (let k = 0; k < size; k++) out[order[k]] = x[k];
  x.fill(0);
}

/**
 * Writes `out = (I − M)⁻ᵀ b`.
 *
 * @param out [size], overwritten; may alias `b`
 */
export function solveLuTransposed(factors: LuFactors, b: Float64Array, out: Float64Array): void {
  const { pattern, inversePivot, lower, upper, row: x } = factors;
  const { size, order, lowerStart, lowerRow, upperStart, upperColumn } = pattern;
  for (let k = 0; k < size; k++) x[k] = b[order[k]];
  for (let k = 0; k < size; k++) {
    const u = x[k] * inversePivot[k];
    x[k] = u;
    if (u === 0) continue;
    const end = upperStart[k + 1];
    for (let q = upperStart[k]; q < end; q++) x[upperColumn[q]] -= upper[q] * u;
  }
  for (let k = size - 1; k >= 0; k--) {
    let sum = x[k];
    const end = lowerStart[k + 1];
    for (let p = lowerStart[k]; p < end; p++) sum -= lower[p] * x[lowerRow[p]];
    x[k] = sum;
  }
  for (let k = 0; k < size; k++) out[order[k]] = x[k];
  x.fill(0);
}
