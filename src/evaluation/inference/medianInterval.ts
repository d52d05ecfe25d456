/**
 * The median of repeated measurements, with an interval that asks nothing of their distribution.
 *
 *   [x_(k), x_(n+1−k)]   with the largest k such that 2 Pr(Bin(n, ½) < k) ≤ 1 − level
 *
 * Values may be infinite: something that did not happen in the time that it was given counts as later
 * than all that did.
 *
 * Reference: Conover (1999), Practical Nonparametric Statistics, §3.2.
 */

import type { Estimate } from './meanInterval.ts';

/**
 * @param values enough of them: 6 for 95 %
 * @param level least probability with which the interval covers the true median
 */
export function medianInterval(values: ArrayLike<number>, level = 0.95): Estimate {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  let below = 0.5 ** n;
  let probability = below;
  let k = 0;
  while (2 * below <= 1 - level && 2 * k < n) {
    k++;
    probability *= (n - k + 1) / k;
    below += probability;
  }
  if (k === 0)
    throw new RangeError(
      `Cannot give an interval: ${n} values are too few for the median at level ${level}`,
    );
  const [left, right] = [sorted[Math.ceil(n / 2) - 1], sorted[Math.floor(n / 2)]];
  const value = left === right ? left : (left + right) / 2;
  return { value, low: sorted[k - 1], high: sorted[n - k] };
}
