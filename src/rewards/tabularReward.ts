/**
 * A reward with one free number per state, paid at each decision taken there: the features are the
 * states themselves. Which of its directions the data identify is another question.
 */

import type { Mdp } from '../mdp/mdp.ts';
import type { Reward } from './reward.ts';

export function tabularReward(mdp: Mdp, stateNames: readonly string[]): Reward {
  const { stateCount, pairStart } = mdp;
  if (stateNames.length !== stateCount)
    throw new RangeError(
      `Cannot make a tabular reward: wanted ${stateCount} state names, got ${stateNames.length}`,
    );
  return {
    size: stateCount,
    names: stateNames,
    evaluate(theta, out) {
      for (let s = 0; s < stateCount; s++) out.fill(theta[s], pairStart[s], pairStart[s + 1]);
    },
    pullBack(_theta, surplus, gradient) {
      for (let s = 0; s < stateCount; s++) {
        let sum = 0;
        for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) sum += surplus[pair];
        gradient[s] = sum;
      }
    },
  };
}
