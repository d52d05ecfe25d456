/**
 * How much of a vector of ones lies in the span of columns: n R² of the regression of 1 on them,
 *
 *   n − min_b |1 − X b|²
 *
 * by Gram–Schmidt, in order, twice over. A column that depends on those before it is left out.
 */

export interface OnesProjected {
  /** n R² */
  readonly explained: number;
  /** Indices of the columns that were kept. */
  readonly kept: readonly number[];
}

/**
 * @param columns [n] each
 * @param dependent share of a column's length that must be left beside the others for it to count
 */
export function onesProjected(
  columns: readonly Float64Array[],
  n: number,
  dependent = 1e-6,
): OnesProjected {
  const basis: Float64Array[] = [];
  const kept: number[] = [];
  let explained = 0;
  columns.forEach((column, k) => {
    const q = column.slice();
    const before = norm(q);
    for (const _pass of [1, 2])
      for (const other of basis) {
        let along = 0;
        for (let i = 0; i < n; i++) along += q[i] * other[i];
        for (let i = 0; i < n; i++) q[i] -= along * other[i];
      }
    const length = norm(q);
    if (!(length > dependent * before) || basis.length >= n) return;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      q[i] /= length;
      sum += q[i];
    }
    explained += sum * sum;
    basis.push(q);
    kept.push(k);
  });
  return { explained, kept };
}

function norm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}
