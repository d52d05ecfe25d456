/**
 * A share of successes, with Wilson's interval: all p that the score test does not reject.
 *
 *   ( p̂ + z²/2n ± z √( p̂ (1 − p̂)/n + z²/4n² ) ) / ( 1 + z²/n )
 *
 * It stays within [0, 1] and is no point where nothing, or everything, succeeded.
 *
 * Reference: Wilson (1927), J. American Statistical Association 22, 209–212.
 */

import { normalQuantile } from '../../numeric/normal.ts';
import type { Estimate } from './meanInterval.ts';

/** @param level probability with which the interval covers the true share, about */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Estimate {
  if (!(Number.isInteger(trials) && trials >= 1))
    throw new RangeError(
      `Cannot give an interval: a share needs at least one trial, got ${trials}`,
    );
  if (!(Number.isInteger(successes) && successes >= 0 && successes <= trials))
    throw new RangeError(
      `Cannot give an interval: successes must be whole, from 0 to ${trials}, got ${successes}`,
    );
  const share = successes / trials;
  const z = normalQuantile((1 + level) / 2);
  const shrink = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / shrink;
  const half =
    (z / shrink) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return {
    value: share,
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  };
}
