/**
 * The tail of a weighted sum of squares of independent standard normals, as a mixture of chi-squares:
 *
 *   Pr(Σ w_i Z_i² > x) = Σ_j c_j Pr(χ²_{m + 2j} > x / β),   β = min w
 *   c_0 = Π √(β / w_i),   j c_j = ½ Σ_i h_ij,   h_ij = (1 − β / w_i) (h_i,j−1 + c_j−1)
 *
 * The c_j are positive and sum to 1, so that what is left out is known.
 *
 * Reference: Ruben (1962), Annals of Mathematical Statistics 33, 542–570.
 */

import { chiSquareTail } from './chiSquare.ts';
import { gammaFactor } from './gammaTail.ts';

/**
 * Weights below this share of the largest count by their mean alone: their spread moves a tail by no
 * more than about its square, and each would cost a thousand terms and more.
 */
const SMALL = 1e-3;
const MOST_TERMS = 100_000;
/** Share of the mixture that may be left out. */
const LEFT_OUT = 1e-11;

/** @param weights ≥ 0 */
export function chiSquareSumTail(x: number, weights: ArrayLike<number>): number {
  const all = Array.from(weights);
  if (!all.every((w) => w >= 0 && w < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot sum squares: wanted weights ≥ 0, got ${all.join(', ')}`);
  const largest = Math.max(0, ...all);
  const kept = all.filter((w) => w > SMALL * largest);
  const left = x - all.reduce((sum, w) => (w > SMALL * largest ? sum : sum + w), 0);
  if (kept.length === 0) return left < 0 ? 1 : 0;
  if (left <= 0) return 1;
  const least = Math.min(...kept);
  const away = kept.map((w) => 1 - least / w);
  const y = left / least;
  let coefficient = Math.exp(kept.reduce((sum, w) => sum + 0.5 * Math.log(least / w), 0));
  let tail = chiSquareTail(y, kept.length);
  const carried = new Float64Array(kept.length);
  let total = coefficient;
  let probability = coefficient * tail;
  for (let j = 1; j < MOST_TERMS && 1 - total > LEFT_OUT; j++) {
    let sum = 0;
    for (let i = 0; i < carried.length; i++) {
      carried[i] = away[i] * (carried[i] + coefficient);
      sum += carried[i];
    }
    coefficient = sum / (2 * j);
    // Pr(χ²_{k + 2} > y) − Pr(χ²_k > y) = (y / 2)^{k/2} e^{−y/2} / Γ(k/2 + 1)
    const half = kept.length / 2 + j - 1;
    tail = Math.min(1, tail + gammaFactor(half, y / 2));
    total += coefficient;
    probability += coefficient * tail;
    if (coefficient === 0) break;
  }
  return Math.min(1, probability + Math.max(0, 1 - total));
}
