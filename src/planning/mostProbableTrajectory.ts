/**
 * The most probable trajectory given that it was optimal (Viterbi): luck included, as the posterior
 * has it.
 *
 *   m_t(s) = maxₐ { log p(a | s) + r(s, a) / τ + maxₛ′ [ log p(s′ | s, a) + m_{t+1}(s′) ] },   m_T = 0
 *
 * Among equals the first action and the first successor are taken.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { ExactInferenceOptions } from './exactInference.ts';
import { logWeights } from './posteriorMessages.ts';

export interface MostProbableTrajectory {
  /** [decisions] shorter than the horizon where it runs into a state without choice. */
  readonly pairs: Int32Array;
  /** [decisions + 1] */
  readonly states: Int32Array;
  /** log p(x, O); minus the log evidence it is the log-probability given optimality. */
  readonly logJoint: number;
}

/**
 * @param reward [pairs]
 * @param initial [states] p(s₀)
 */
export function mostProbableTrajectory(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  options: ExactInferenceOptions,
): MostProbableTrajectory {
  const { horizon, temperature, actionPrior } = ExactInferenceOptions.parse(options);
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const logWeight = logWeights(mdp, reward, temperature, actionPrior === 'uniform');
  const bestTransition = new Int32Array(horizon * stateCount).fill(-1);
  const bestPair = new Int32Array(horizon * stateCount).fill(-1);
  let ahead = new Float64Array(stateCount);
  for (let t = horizon - 1; t >= 0; t--) {
    const message = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      if (pairStart[s] === pairStart[s + 1]) continue;
      message[s] = Number.NEGATIVE_INFINITY;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
          const score = logWeight[pair] + Math.log(probability[k]) + ahead[nextState[k]];
          if (!(score > message[s])) continue;
          message[s] = score;
          bestPair[t * stateCount + s] = pair;
          bestTransition[t * stateCount + s] = k;
        }
    }
    ahead = message;
  }

  let state = -1;
  let logJoint = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < stateCount; s++) {
    const score = Math.log(initial[s]) + ahead[s];
    if (score > logJoint) [state, logJoint] = [s, score];
  }
  if (state < 0) throw new RangeError('Cannot infer: no start has a positive probability');
  const states = [state];
  const pairs: number[] = [];
  for (let t = 0; t < horizon && bestPair[t * stateCount + state] >= 0; t++) {
    const at = t * stateCount + state;
    pairs.push(bestPair[at]);
    state = nextState[bestTransition[at]];
    states.push(state);
  }
  return { pairs: Int32Array.from(pairs), states: Int32Array.from(states), logJoint };
}
