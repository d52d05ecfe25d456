/**
 * Dynamics as the shares of outcomes that were counted:
 *
 *   p̂(s′ | s, a) = N(s, a, s′) / Σ N(s, a, ·)
 */

import type { Mdp } from '../../mdp/mdp.ts';

/** @param counts [pairs] how often each state followed; at least one, above 0, of every pair */
export function outcomeShares(
  counts: readonly ReadonlyMap<number, number>[],
): Pick<Mdp, 'transitionStart' | 'nextState' | 'probability'> {
  const transitionStart = new Int32Array(counts.length + 1);
  const nextState: number[] = [];
  const probability: number[] = [];
  counts.forEach((ofPair, pair) => {
    let total = 0;
    for (const n of ofPair.values()) total += n;
    for (const [to, n] of [...ofPair].sort(([a], [b]) => a - b)) {
      nextState.push(to);
      probability.push(n / total);
    }
    transitionStart[pair + 1] = nextState.length;
  });
  return {
    transitionStart,
    nextState: Int32Array.from(nextState),
    probability: Float64Array.from(probability),
  };
}
