/**
 * The mean of repeated measurements, with how far chance may have moved it.
 *
 *   x̄ ± t_{n−1} · s / √n
 *
 * Student's interval: exact for normal measurements, close for means of many others.
 *
 * Reference: Student (1908), The probable error of a mean, Biometrika 6, 1–25.
 */

import { studentTwoSided } from '../../numeric/studentT.ts';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * @param values at least two
 * @param level probability with which the interval covers the true mean
 */
export function meanInterval(values: ArrayLike<number>, level = 0.95): Estimate {
  const n = values.length;
  if (n < 2)
    throw new RangeError(`Cannot give an interval: a mean needs at least two values, got ${n}`);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  const half = studentTwoSided(level, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { value: mean, low: mean - half, high: mean + half };
}
