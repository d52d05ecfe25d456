/**
 * What a decision is paid so that choice is worth something only where it is used:
 *
 *   nats      V = τ log Σₐ exp(Q / τ),     a coin that one may toss is worth τ log 2
 *   uniform   V = τ log meanₐ exp(Q / τ),  the same with −τ log |A(s)| added to every reward
 *
 * Counted in nats an episode that goes on earns τ log |A| a step by nothing but choosing. Where
 * episodes end early and no feature carries the price of living that is a hidden reward for survival.
 */

import type { Mdp } from '../../mdp/mdp.ts';

/** Returns [pairs] what is added to the reward. */
export function aliveOffset(
  { pairCount, stateCount, pairStart }: Mdp,
  temperature: number,
  entropy: 'nats' | 'uniform',
): Float64Array {
  const offset = new Float64Array(pairCount);
  if (entropy === 'nats') return offset;
  for (let s = 0; s < stateCount; s++) {
    const choices = pairStart[s + 1] - pairStart[s];
    offset.fill(-temperature * Math.log(choices), pairStart[s], pairStart[s + 1]);
  }
  return offset;
}
