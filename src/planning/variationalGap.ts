/**
 * How far a policy that must take the moves as they come is from the posterior over trajectories.
 *
 *   q(x)     = p(s₀) Π_t π_t(a_t | s_t) p(s_{t+1} | s_t, a_t)
 *   ELBO     = E_q[Σ r / τ + Σ log p(a | s)] + E_q[Σ H(π_t(· | s_t))]  ≤  log p(O)
 *   KL(q‖p(· | O)) = log p(O) − ELBO
 *     = KL of the start + Σ_t E_q[KL of the policy] + Σ_t E_q[KL of the moves]
 *
 * The soft-optimal plan maximises the ELBO: it is the variational answer with the moves held fixed.
 *
 * Reference: Levine (2018), arXiv:1805.00909, section 3.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { type ExactInference, ExactInferenceOptions } from './exactInference.ts';
import { logWeights } from './posteriorMessages.ts';

export interface VariationalGap {
  /** In nats, as everything here. */
  readonly elbo: number;
  /** E_q[Σ r], in units of reward: what following the policy brings. */
  readonly expectedReward: number;
  /** E_q[Σ H(π_t)]. */
  readonly entropy: number;
  /** log p(O) − ELBO, and what it is made of. */
  readonly divergence: {
    readonly total: number;
    readonly initial: number;
    readonly policy: number;
    readonly dynamics: number;
  };
}

/**
 * Measures a policy against the posterior that `exactInference` found with the same arguments.
 *
 * @param policyAt returns π_t(a | s) [pairs] for t in [0, T)
 */
export function variationalGap(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  options: ExactInferenceOptions,
  policyAt: (t: number) => Float64Array,
  posterior: ExactInference,
): VariationalGap {
  const { horizon, temperature, actionPrior } = ExactInferenceOptions.parse(options);
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const logWeight = logWeights(mdp, reward, temperature, actionPrior === 'uniform');
  const moves = new Float64Array(nextState.length);
  let arriving = Float64Array.from(initial);
  let [elbo, expectedReward, entropy, ofPolicy, ofMoves] = [0, 0, 0, 0, 0];
  for (let t = 0; t < horizon; t++) {
    const policy = policyAt(t);
    posterior.dynamicsAt(t, moves);
    const next = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      if (arriving[s] === 0) continue;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        if (policy[pair] === 0) continue;
        const flow = arriving[s] * policy[pair];
        const surprise = -Math.log(policy[pair]);
        elbo += flow * (logWeight[pair] + surprise);
        expectedReward += flow * reward[pair];
        entropy += flow * surprise;
        ofPolicy -= flow * (surprise + Math.log(posterior.policy[t * pairCount + pair]));
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
          if (probability[k] === 0) continue;
          ofMoves += flow * probability[k] * Math.log(probability[k] / moves[k]);
          next[nextState[k]] += flow * probability[k];
        }
      }
    }
    arriving = next;
  }
  let ofStart = 0;
  for (let s = 0; s < stateCount; s++)
    if (initial[s] > 0) ofStart += initial[s] * Math.log(initial[s] / posterior.initial[s]);
  const total = posterior.logEvidence - elbo;
  const divergence = { total, initial: ofStart, policy: ofPolicy, dynamics: ofMoves };
  return { elbo, expectedReward, entropy, divergence };
}
