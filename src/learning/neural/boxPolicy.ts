/**
 * Policies that act in a box. Networks act in (−1, 1), which is stretched to the box:
 *
 *   a = (high + low)/2 + u (high − low)/2
 */

import type { BoxActions } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';

/**
 * Writes an action [size]: drawn from `rng`, or where that is null the one that the policy takes when
 * it is to act without chance.
 *
 * @throws RangeError for an observation of another width than it learned from
 */
export type BoxPolicy = (
  observation: ArrayLike<number>,
  rng: Rng | null,
  out: Float64Array,
) => void;

/** Stretches actions in (−1, 1) to the box, in place. */
export type Stretch = (action: Float64Array) => void;

/** @throws RangeError where a side is not finite or has no length */
export function stretchTo({ low, high }: BoxActions): Stretch {
  const centre = new Float64Array(low.length);
  const reach = new Float64Array(low.length);
  for (let i = 0; i < low.length; i++) {
    centre[i] = (high[i] + low[i]) / 2;
    reach[i] = (high[i] - low[i]) / 2;
    if (!(reach[i] > 0 && reach[i] < Infinity))
      throw new RangeError(
        `Cannot act: number ${i} of an action must have finite bounds low < high, got ${low[i]} and ${high[i]}`,
      );
  }
  return (action) => {
    for (let i = 0; i < action.length; i++) action[i] = centre[i] + reach[i] * action[i];
  };
}
