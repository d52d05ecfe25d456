/**
 * Mean and variance of a policy gradient's estimator, exactly: every trajectory is looked at.
 *
 *   E[g] = Σ_x p(x) g(x),   Var[g] = Σ_x p(x) (g(x) − E[g])²
 *
 * For small problems only; their trajectories are counted first.
 */

import type { Mdp } from '../../mdp/mdp.ts';
import type { Rollout } from '../rollout.ts';
import { type GradientEstimator, rolloutGradient, stepWeights } from './gradientEstimators.ts';
import type { PolicyObjective } from './policyObjective.ts';

/** So many trajectories take seconds. */
const MOST = 2_000_000;

export interface EstimatorMoments {
  /** [pairs] E[g]. */
  readonly mean: Float64Array;
  /** [pairs] Var[g] of one episode. */
  readonly variance: Float64Array;
  /** Sum of the variances. */
  readonly totalVariance: number;
  /** How many trajectories there are. */
  readonly trajectoryCount: number;
}

/**
 * @param reward [pairs]
 * @param initial [states] p(s₀)
 * @param exact the policy, evaluated on the same problem by `policyObjective`
 * @throws RangeError where there are more than two million trajectories
 */
export function estimatorMoments(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  exact: PolicyObjective,
  estimator: GradientEstimator,
): EstimatorMoments {
  const { horizon, policy } = exact;
  const trajectoryCount = countTrajectories(mdp, initial, policy, horizon);
  if (!(trajectoryCount <= MOST))
    throw new RangeError(
      `Cannot enumerate: there must be at most ${MOST} trajectories, got ${trajectoryCount}`,
    );
  const mean = new Float64Array(mdp.pairCount);
  const square = new Float64Array(mdp.pairCount);
  const gradient = new Float64Array(mdp.pairCount);
  const weight = new Float64Array(horizon);
  enumerate(mdp, reward, initial, policy, horizon, (rollout, probability) => {
    stepWeights(estimator, mdp, exact, rollout, weight);
    rolloutGradient(mdp, policy, rollout, weight, gradient);
    for (let i = 0; i < gradient.length; i++) {
      mean[i] += probability * gradient[i];
      square[i] += probability * gradient[i] ** 2;
    }
  });
  const variance = square.map((x, i) => Math.max(0, x - mean[i] ** 2));
  const totalVariance = variance.reduce((sum, v) => sum + v, 0);
  return { mean, variance, totalVariance, trajectoryCount };
}

/** Hands every trajectory of positive probability to `visit`, in an object that is used again. */
function enumerate(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  policy: Float64Array,
  horizon: number,
  visit: (rollout: Rollout, probability: number) => void,
): void {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  const state = new Int32Array(horizon + 1);
  const pair = new Int32Array(horizon);
  const paid = new Float64Array(horizon);
  initial.forEach((p, s) => {
    if (p > 0) from(0, s, p);
  });

  function from(t: number, s: number, chance: number): void {
    state[t] = s;
    const over = pairStart[s] === pairStart[s + 1];
    if (over || t === horizon) {
      visit({ length: t, state, pair, reward: paid, terminated: over }, chance);
      return;
    }
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++) {
      if (policy[p] === 0) continue;
      pair[t] = p;
      paid[t] = reward[p];
      // where nothing follows, next states need not be told apart
      if (t === horizon - 1)
        visit(
          { length: horizon, state, pair, reward: paid, terminated: false },
          chance * policy[p],
        );
      else
        for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
          if (probability[k] > 0) from(t + 1, nextState[k], chance * policy[p] * probability[k]);
    }
  }
}

function countTrajectories(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  initial: Float64Array,
  policy: Float64Array,
  horizon: number,
): number {
  let after = new Float64Array(stateCount).fill(1);
  for (let t = horizon - 1; t >= 0; t--) {
    const here = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      if (pairStart[s] === pairStart[s + 1]) here[s] = 1;
      for (let p = pairStart[s]; p < pairStart[s + 1]; p++) {
        if (policy[p] === 0) continue;
        if (t === horizon - 1) here[s]++;
        else
          for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
            if (probability[k] > 0) here[s] += after[nextState[k]];
      }
    }
    after = here;
  }
  return initial.reduce((sum, p, s) => (p > 0 ? sum + after[s] : sum), 0);
}
