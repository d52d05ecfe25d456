/**
 * The most probable trajectory given that it was optimal (Viterbi): luck included, as the posterior
 * has it.
 *
 *   m_t(s) = maxₐ { log p(a | s) + r(s, a) / τ + maxₛ′ [ log p(s′ | s, a) + m_{t+1}(s′) ] },   m_T = 0
 *
 * Among equals the first action and the first successor are taken.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { viterbi } from '../numeric/viterbi.ts';
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
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const logWeight = logWeights(mdp, reward, temperature, actionPrior === 'uniform');
  const pairOfTransition = new Int32Array(nextState.length);
  for (let pair = 0; pair < pairCount; pair++)
    pairOfTransition.fill(pair, transitionStart[pair], transitionStart[pair + 1]);
  const edges = {
    start: pairStart.map((pair) => transitionStart[pair]),
    to: nextState,
    weight: probability.map((p, k) => logWeight[pairOfTransition[k]] + Math.log(p)),
  };
  const { stage, ahead, follow } = viterbi({
    layerCount: horizon,
    layer: () => edges,
    lastCount: stateCount,
    deadEnds: 'end',
  });

  if (stage > 0) throw new RangeError('Cannot infer: no trajectory has a positive weight');
  let state = -1;
  let logJoint = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < stateCount; s++) {
    const score = Math.log(initial[s]) + ahead[s];
    if (score > logJoint) [state, logJoint] = [s, score];
  }
  if (state < 0) throw new RangeError('Cannot infer: no start has a positive probability');
  const way = follow(state);
  return {
    pairs: Int32Array.from(way.edges, (k) => pairOfTransition[k]),
    states: Int32Array.from(way.states),
    logJoint,
  };
}
