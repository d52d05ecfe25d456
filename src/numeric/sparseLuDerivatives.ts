/**
 * Derivatives of the factorisation I − M = L U: reverse mode, tangent, and tangent of the reverse.
 *
 * One row of the factorisation is, with w a dense row that starts as that of I − M,
 *
 *   for k < i ascending:  l_ik = w_k / u_kk;  w_j ← w_j − l_ik u_kj  (j > k);   then  u_ij = w_j
 *
 * and its reverse, with w̄ starting as ū_i and k descending,
 *
 *   l̄_ik ← l̄_ik − Σ_j w̄_j u_kj;  ū_kj ← ū_kj − l_ik w̄_j;  w̄_k = l̄_ik / u_kk;  ū_kk ← ū_kk − w̄_k l_ik
 *
 * after which w̄ is the adjoint of row i of I − M. Each costs what a factorisation costs.
 *
 * Reference: Griewank & Walther (2008), Evaluating Derivatives, ch. 3 and 5.
 */

import type { LuFactors, Triangular } from './sparseLu.ts';

/**
 * Pulls adjoints of the factors back to M.
 *
 * @param bar adjoints of L and U; overwritten by the adjoints of I − M, which
 *   `factorizeReverseTangent` needs
 * @param mBar [entries of the pattern] adjoint of M, overwritten
 */
export function factorizeReverse(factors: LuFactors, bar: Triangular, mBar: Float64Array): void {
  const { pattern, inversePivot, lower, upper } = factors;
  const { size, order, rowStart, entryPosition, upperStart, upperColumn } = pattern;
  const { lowerRowStart, lowerRowColumn, lowerRowEntry } = pattern;
  const { pivot: pivotBar, lower: lowerBar, upper: upperBar, row } = bar;
  for (let i = size - 1; i >= 0; i--) {
    row[i] = pivotBar[i];
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) row[upperColumn[q]] = upperBar[q];
    const first = lowerRowStart[i];
    for (let t = lowerRowStart[i + 1] - 1; t >= first; t--) {
      const k = lowerRowColumn[t];
      const entry = lowerRowEntry[t];
      const l = lower[entry];
      let sum = lowerBar[entry];
      const end = upperStart[k + 1];
      for (let q = upperStart[k]; q < end; q++) {
        const w = row[upperColumn[q]];
        sum -= w * upper[q];
        upperBar[q] -= l * w;
      }
      sum *= inversePivot[k];
      row[k] = sum;
      lowerBar[entry] = sum;
      pivotBar[k] -= sum * l;
    }
    const entryEnd = rowStart[order[i] + 1];
    for (let e = rowStart[order[i]]; e < entryEnd; e++) mBar[e] = -row[entryPosition[e]];
    for (let t = first; t < lowerRowStart[i + 1]; t++) row[lowerRowColumn[t]] = 0;
    row[i] = 0;
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) row[upperColumn[q]] = 0;
  }
}

/**
 * Writes the tangent of the factors.
 *
 * @param mDot [entries of the pattern] tangent of M
 * @param dot overwritten
 */
export function factorizeTangent(factors: LuFactors, mDot: Float64Array, dot: Triangular): void {
  const { pattern, inversePivot, lower, upper } = factors;
  const { size, order, rowStart, entryPosition, upperStart, upperColumn } = pattern;
  const { lowerRowStart, lowerRowColumn, lowerRowEntry } = pattern;
  const { pivot: pivotDot, lower: lowerDot, upper: upperDot, row } = dot;
  for (let i = 0; i < size; i++) {
    const entryEnd = rowStart[order[i] + 1];
    for (let e = rowStart[order[i]]; e < entryEnd; e++) row[entryPosition[e]] -= mDot[e];
    const lowerEnd = lowerRowStart[i + 1];
    for (let t = lowerRowStart[i]; t < lowerEnd; t++) {
      const k = lowerRowColumn[t];
      const entry = lowerRowEntry[t];
      const l = lower[entry];
      const lDot = (row[k] - l * pivotDot[k]) * inversePivot[k];
      row[k] = 0;
      lowerDot[entry] = lDot;
      const end = upperStart[k + 1];
      for (let q = upperStart[k]; q < end; q++)
        row[upperColumn[q]] -= lDot * upper[q] + l * upperDot[q];
    }
    pivotDot[i] = row[i];
    row[i] = 0;
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) {
      const j = upperColumn[q];
      upperDot[q] = row[j];
      row[j] = 0;
    }
  }
}

/**
 * Writes the tangent of what `factorizeReverse` wrote.
 *
 * @param bar as `factorizeReverse` left it
 * @param dot as `factorizeTangent` left it
 * @param barDot tangents of the adjoints of L and U; overwritten by those of I − M
 * @param mBarDot [entries of the pattern] tangent of the adjoint of M, overwritten
 */
export function factorizeReverseTangent(
  factors: LuFactors,
  bar: Triangular,
  dot: Triangular,
  barDot: Triangular,
  mBarDot: Float64Array,
): void {
  const { pattern, inversePivot, lower, upper } = factors;
  const { size, order, rowStart, entryPosition, upperStart, upperColumn } = pattern;
  const { lowerRowStart, lowerRowColumn, lowerRowEntry } = pattern;
  const { pivot: pivotDot, lower: lowerDot, upper: upperDot } = dot;
  const { pivot: pivotBar, lower: lowerBar, upper: upperBar, row } = bar;
  const { pivot: pivotBarDot, lower: lowerBarDot, upper: upperBarDot, row: rowDot } = barDot;
  for (let i = size - 1; i >= 0; i--) {
    row[i] = pivotBar[i];
    rowDot[i] = pivotBarDot[i];
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) {
      row[upperColumn[q]] = upperBar[q];
      rowDot[upperColumn[q]] = upperBarDot[q];
    }
    const first = lowerRowStart[i];
    for (let t = lowerRowStart[i + 1] - 1; t >= first; t--) {
      const k = lowerRowColumn[t];
      const entry = lowerRowEntry[t];
      const l = lower[entry];
      const lDot = lowerDot[entry];
      let sum = lowerBarDot[entry];
      const end = upperStart[k + 1];
      for (let q = upperStart[k]; q < end; q++) {
        const w = row[upperColumn[q]];
        const wDot = rowDot[upperColumn[q]];
        sum -= wDot * upper[q] + w * upperDot[q];
        upperBarDot[q] -= lDot * w + l * wDot;
      }
      const w = lowerBar[entry];
      const wDot = (sum - w * pivotDot[k]) * inversePivot[k];
      row[k] = w;
      rowDot[k] = wDot;
      lowerBarDot[entry] = wDot;
      pivotBarDot[k] -= wDot * l + w * lDot;
    }
    const entryEnd = rowStart[order[i] + 1];
    for (let e = rowStart[order[i]]; e < entryEnd; e++) mBarDot[e] = -rowDot[entryPosition[e]];
    for (let t = first; t < lowerRowStart[i + 1]; t++) {
      row[lowerRowColumn[t]] = 0;
      rowDot[lowerRowColumn[t]] = 0;
    }
    row[i] = 0;
    rowDot[i] = 0;
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) {
      row[upperColumn[q]] = 0;
      rowDot[upperColumn[q]] = 0;
    }
  }
}
