/** One step of the backward pass of gradients: gradV_t = Σₐ π_t (f + γ P gradV_{t+1}). */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';

/** Replaces gradV_{t+1} of feature k in `gradient` [states] by gradV_t. */
export function backUpGradient(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  { names, per, values }: FeatureMatrix,
  k: number,
  policy: Float64Array,
  discount: number,
  gradient: Float64Array,
): void {
  const later = gradient.slice();
  for (let s = 0; s < stateCount; s++) {
    let sum = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      let next = 0;
      for (let t = transitionStart[pair]; t < transitionStart[pair + 1]; t++)
        next += probability[t] * later[nextState[t]];
      const own = values[(per === 'pair' ? pair : s) * names.length + k];
      sum += policy[pair] * (own + discount * next);
    }
    gradient[s] = sum;
  }
}
