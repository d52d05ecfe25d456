/**
 * How sure a share and a mean are, from independent repetitions.
 *
 *   share   (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)          Wilson
 *   mean    x̄ ± z s / √n                       s² = Σ (x − x̄)² / (n − 1)
 *
 * with z the normal quantile of the level. Wilson's interval never leaves [0, 1] and says something
 * where all or none succeeded.
 *
 * Reference: Wilson (1927), J. American Statistical Association 22, 209–212; Brown, Cai & DasGupta
 * (2001), Statistical Science 16, 101–133.
 */

import { normalQuantile } from './normal.ts';

export interface SampleInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** @throws RangeError where `successes` is not in 0 … `trials`, or there were no trials */
export function wilsonInterval(successes: number, trials: number, level = 0.95): SampleInterval {
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new RangeError(
      `Cannot judge a share: wanted 0 to n successes in n > 0 trials, got ${successes} in ${trials}`,
    );
  const z = zOf(level);
  const share = successes / trials;
  const shrink = (z * z) / trials;
  const centre = (share + shrink / 2) / (1 + shrink);
  const reach =
    (z * Math.sqrt((share * (1 - share)) / trials + shrink / (4 * trials))) / (1 + shrink);
  return {
    estimate: share,
    // both ends are exact where rounding would leave them beside 0 or 1
    low: successes === 0 ? 0 : centre - reach,
    high: successes === trials ? 1 : centre + reach,
  };
}

/** @throws RangeError for fewer than two values */
export function meanInterval(values: ArrayLike<number>, level = 0.95): SampleInterval {
  const count = values.length;
  if (count < 2)
    throw new RangeError(`Cannot judge a mean: wanted at least 2 values, got ${count}`);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i] - mean) ** 2;
  const reach = zOf(level) * Math.sqrt(squares / (count - 1) / count);
  return { estimate: mean, low: mean - reach, high: mean + reach };
}

function zOf(level: number): number {
  if (!(level > 0 && level < 1))
    throw new RangeError(`Cannot form an interval: its level must be in (0, 1), got ${level}`);
  return normalQuantile((1 + level) / 2);
}
