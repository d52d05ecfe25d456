/**
 * Draws that are spread evenly: one random offset, then equal paces along the weights.
 *
 * Each index is drawn with its share on average, and never more than one time too often or too seldom.
 *
 * Reference: Cochran (1977), Sampling Techniques, chapter 8.
 */

import type { Rng } from './rng.ts';

/** Calls `visit` `count` times with indices, ascending, drawn in proportion to `weights` ≥ 0. */
export function systematicSample(
  weights: ArrayLike<number>,
  count: number,
  rng: Rng,
  visit: (index: number) => void,
): void {
  let total = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i];
    if (weights[i] > 0) last = i;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot sample: weights must have a positive finite sum, got ${total}`);
  const pace = total / count;
  const offset = rng();
  let index = 0;
  let passed = weights[0];
  for (let n = 0; n < count; n++) {
    const at = (n + offset) * pace;
    while (index < last && at >= passed) passed += weights[++index];
    visit(index);
  }
}
