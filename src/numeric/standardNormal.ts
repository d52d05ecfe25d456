/** Draws from the standard normal distribution, one uniform number each. */

import { normalQuantile } from './normal.ts';
import type { Rng } from './rng.ts';

export function standardNormal(rng: Rng): number {
  // the middle of one of 2⁵³ cells: never 0 or 1, where the quantile is infinite
  return normalQuantile(Math.max(rng(), 2 ** -54));
}
