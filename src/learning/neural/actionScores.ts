/**
 * What networks with one output per action mean: row after row of scores x [rows × actions].
 *
 *   greedy       argmaxₐ x(a), the first among equals
 *   soft value   τ log Σₐ p(a) exp(x(a) / τ),  p = 1 (entropy in nats) or 1 / |A| (relative to uniform)
 *   softmax      π(a) = exp(x(a) / τ) / Σ_b exp(x(b) / τ)
 */

import { z } from 'zod';
import type { Rng } from '../../numeric/rng.ts';

export const EntropyPrior = z
  .enum(['one', 'uniform'])
  .default('uniform')
  .describe('Entropy in nats (one) or relative to choosing at random (uniform)');
export type EntropyPrior = z.output<typeof EntropyPrior>;

/** @param start where the row begins */
export function greedyAction(scores: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let a = 1; a < count; a++) if (scores[start + a] > scores[start + best]) best = a;
  return best;
}

/** @param temperature τ > 0 */
export function softRowValue(
  scores: Float32Array,
  start: number,
  count: number,
  temperature: number,
  prior: EntropyPrior,
): number {
  const largest = scores[start + greedyAction(scores, start, count)];
  let sum = 0;
  for (let a = 0; a < count; a++) sum += Math.exp((scores[start + a] - largest) / temperature);
  return largest + temperature * Math.log(prior === 'uniform' ? sum / count : sum);
}

/**
 * Overwrites `out` [count] with log π(a).
 *
 * @param temperature τ > 0
 */
export function logSoftmaxRow(
  scores: Float32Array,
  start: number,
  count: number,
  temperature: number,
  out: Float64Array,
): void {
  const all = softRowValue(scores, start, count, temperature, 'one');
  for (let a = 0; a < count; a++) out[a] = (scores[start + a] - all) / temperature;
}

/**
 * Draws an action from the softmax.
 *
 * @param temperature τ > 0
 */
export function drawAction(
  scores: Float32Array,
  start: number,
  count: number,
  temperature: number,
  rng: Rng,
): number {
  const all = softRowValue(scores, start, count, temperature, 'one');
  let left = rng();
  for (let a = 0; a < count - 1; a++) {
    left -= Math.exp((scores[start + a] - all) / temperature);
    if (left < 0) return a;
  }
  return count - 1;
}
