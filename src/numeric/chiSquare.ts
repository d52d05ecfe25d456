/**
 * The chi-square distribution with k > 0 degrees of freedom, not necessarily a whole number.
 *
 *   Pr(X ≤ x) = P(k/2, x/2),   Pr(X > x) = Q(k/2, x/2)
 *
 * Reference for the first guess of a quantile: Wilson & Hilferty (1931), PNAS 17, 684–688.
 */

import { gammaFactor, gammaTails } from './gammaTail.ts';
import { normalQuantile } from './normal.ts';

/** Pr(X ≤ x). */
export function chiSquareCdf(x: number, degrees: number): number {
  return gammaTails(degrees / 2, Math.max(0, x) / 2).lower;
}

/** Pr(X > x): the p-value of a statistic, exact also where it is tiny. */
export function chiSquareTail(x: number, degrees: number): number {
  return gammaTails(degrees / 2, Math.max(0, x) / 2).upper;
}

/** The x with Pr(X ≤ x) = probability, by Newton's method on the logarithms, kept in a bracket. */
export function chiSquareQuantile(probability: number, degrees: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`Cannot find a quantile: a probability is in [0, 1], got ${probability}`);
  if (probability === 0) return 0;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  const a = degrees / 2;
  const isUpper = probability > 0.5;
  const wanted = Math.log(isUpper ? 1 - probability : probability);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = firstGuess(probability, degrees) / 2;
  if (x === 0) return 0; // below the smallest number
  for (let step = 0; step < 200; step++) {
    const { lower, upper } = gammaTails(a, x);
    const tail = isUpper ? upper : lower;
    // log tail falls with x in the upper tail and rises in the lower one
    const miss = (Math.log(tail) - wanted) * (isUpper ? -1 : 1);
    if (miss > 0) high = x;
    else low = x;
    const density = (gammaFactor(a, x) * a) / x;
    let next = x - (miss * tail) / density;
    if (!(next > low && next < high))
      next = high === Number.POSITIVE_INFINITY ? 2 * x + 1 : (low + high) / 2;
    if (Math.abs(next - x) <= 2 * Number.EPSILON * x) return 2 * next;
    x = next;
  }
  return 2 * x;
}

function firstGuess(probability: number, degrees: number): number {
  const c = 2 / (9 * degrees);
  const cube = 1 - c + normalQuantile(probability) * Math.sqrt(c);
  const guess = degrees * cube ** 3;
  if (cube > 0.1 && guess > 0) return guess;
  // P(a, x) ≈ xᵃ / Γ(a + 1) near 0, and gammaFactor(a, 1) = e⁻¹ / Γ(a + 1)
  const a = degrees / 2;
  const near = (probability / (Math.E * gammaFactor(a, 1))) ** (1 / a);
  return 2 * near;
}
