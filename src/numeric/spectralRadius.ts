/**
 * The spectral radius of a sparse M ≥ 0 by bisection: σ lies above it exactly if all pivots of
 * I − M / σ are positive. No eigenvector is iterated, so reducible and periodic matrices are no
 * harder than others.
 *
 *   smallest positive entry ≤ radius ≤ largest row sum     (where M has a cycle; else 0)
 */

import { factorize, type LuFactors } from './sparseLu.ts';

/** The result is within this of the radius, relative to it. */
const ACCURACY = 1e-11;

/**
 * Returns the spectral radius of M.
 *
 * @param factors overwritten
 * @param m [entries of the pattern of `factors`]
 * @param atLeast a lower bound, if one is known; where the radius is not above it, it is returned
 */
export function spectralRadius(factors: LuFactors, m: Float64Array, atLeast = 0): number {
  const scaled = new Float64Array(m.length);
  const isAboveRadius = (sigma: number) => {
    for (let e = 0; e < m.length; e++) scaled[e] = m[e] / sigma;
    return factorize(factors, scaled) < 0;
  };
  let high = largestRowSum(factors, m);
  if (!Number.isFinite(high)) return high;
  if (!(high > atLeast) || (atLeast > 0 && isAboveRadius(atLeast * (1 + ACCURACY)))) return atLeast;
  if (!hasCycle(factors, m)) return 0;
  let low = Math.max(atLeast, smallestEntry(m));
  while (high > low * (1 + ACCURACY)) {
    // Geometric: what is wanted is a number of digits, and the bounds can be far apart.
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (!(middle > low && middle < high)) break;
    if (isAboveRadius(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function largestRowSum({ pattern }: LuFactors, m: Float64Array): number {
  const { size, rowStart } = pattern;
  let largest = 0;
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let e = rowStart[row]; e < rowStart[row + 1]; e++) sum += m[e];
    if (!(sum <= largest)) largest = sum;
  }
  return largest;
}

function smallestEntry(m: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const weight of m) if (weight > 0 && weight < smallest) smallest = weight;
  return smallest;
}

/** Whether positive entries of M form a cycle: taking rows away that nothing leads to leaves some. */
function hasCycle({ pattern }: LuFactors, m: Float64Array): boolean {
  const { size, order, rowStart, entryPosition } = pattern;
  const incoming = new Int32Array(size);
  for (let e = 0; e < m.length; e++) if (m[e] > 0) incoming[order[entryPosition[e]]]++;
  const stack: number[] = [];
  for (let row = 0; row < size; row++) if (incoming[row] === 0) stack.push(row);
  let removed = 0;
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    removed++;
    for (let e = rowStart[row]; e < rowStart[row + 1]; e++) {
      const next = order[entryPosition[e]];
      if (m[e] > 0 && --incoming[next] === 0) stack.push(next);
    }
  }
  return removed < size;
}
