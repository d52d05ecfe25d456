/**
 * The ladder of REINFORCE: estimators of ∇J from one episode, equal in mean, each less noisy than
 * the one before.
 *
 *   g = Σ_t ψ_t ∇ log π(a_t | s_t)
 *
 *   whole-return          ψ_t = R,  R = Σ_u γᵘ ρ_u,  ρ_u = r_u − τ log π(a_u | s_u)
 *   constant-baseline     ψ_t = R − J
 *   reward-to-go          ψ_t = γᵗ G_t,  G_t = Σ_{u ≥ t} γ^{u−t} ρ_u       (action causality)
 *   state-baseline        ψ_t = γᵗ (G_t − V̄(s_t)),  V̄ = (1/T) Σ_t V_t
 *   state-time-baseline   ψ_t = γᵗ (G_t − V_t(s_t))
 *   action-value          ψ_t = γᵗ (Q_t(s_t, a_t) − τ log π(a_t | s_t))
 *   advantage             ψ_t = γᵗ (Q_t(s_t, a_t) − τ log π(a_t | s_t) − V_t(s_t))
 *   likelihood            ψ_t = 1: the gradient of log π of what was done; an expert's episodes make
 *                         it maximum likelihood
 *
 * Means are equal because E[∇ log π(a | s)] = 0 whatever depends on s and t alone is taken away.
 * "Less noisy" holds as a rule, not as a law: a constant can be a bad baseline.
 *
 * References: Williams (1992), Machine Learning 8; Greensmith, Bartlett & Baxter (2004), JMLR 5.
 */

import type { Mdp } from '../../mdp/mdp.ts';
import type { Rollout } from '../rollout.ts';
import type { PolicyObjective } from './policyObjective.ts';
import { scoreGradient } from './softmaxPolicy.ts';

/** Noisiest first. */
export const gradientEstimators = [
  'whole-return',
  'constant-baseline',
  'reward-to-go',
  'state-baseline',
  'state-time-baseline',
  'action-value',
  'advantage',
] as const;
export type GradientEstimator = (typeof gradientEstimators)[number] | 'likelihood';

/**
 * Writes ψ_t [steps] of an episode, with true values where the estimator takes some.
 *
 * @param exact the policy that acted, evaluated over at least as many steps
 */
export function stepWeights(
  estimator: GradientEstimator,
  mdp: Mdp,
  exact: PolicyObjective,
  { length, state, pair, reward }: Rollout,
  out: Float64Array,
): void {
  const { horizon, discount, temperature, policy, value, actionValue, worth } = exact;
  if (length > horizon)
    throw new RangeError(
      `Cannot weigh steps: the episode must have at most ${horizon}, got ${length}`,
    );
  if (estimator === 'likelihood') {
    out.fill(1, 0, length);
    return;
  }
  const { stateCount, pairCount } = mdp;
  const paid = (p: number): number => (temperature === 0 ? 0 : -temperature * Math.log(policy[p]));
  let toGo = 0;
  for (let t = length - 1; t >= 0; t--) {
    toGo = reward[t] + paid(pair[t]) + discount * toGo;
    out[t] = toGo;
  }
  for (let t = 0, scale = 1; t < length; t++, scale *= discount)
    out[t] = weight(t, scale, out[t], toGo);

  function weight(t: number, scale: number, goingOn: number, whole: number): number {
    const here = value[t * stateCount + state[t]];
    const chosen = actionValue[t * pairCount + pair[t]] + paid(pair[t]);
    switch (estimator) {
      case 'whole-return':
        return whole;
      case 'constant-baseline':
        return whole - worth;
      case 'reward-to-go':
        return scale * goingOn;
      case 'state-baseline':
        return scale * (goingOn - averageValue(state[t]));
      case 'state-time-baseline':
        return scale * (goingOn - here);
      case 'action-value':
        return scale * chosen;
      default:
        return scale * (chosen - here);
    }
  }

  function averageValue(s: number): number {
    let sum = 0;
    for (let t = 0; t < horizon; t++) sum += value[t * stateCount + s];
    return sum / horizon;
  }
}

/**
 * Overwrites `gradient` [pairs] with Σ_t ψ_t ∇ log π(a_t | s_t).
 *
 * @param policy [pairs] the softmax policy that is differentiated
 * @param weight [steps] ψ
 */
export function rolloutGradient(
  mdp: Mdp,
  policy: Float64Array,
  { length, pair }: Rollout,
  weight: ArrayLike<number>,
  gradient: Float64Array,
): void {
  const counted = new Float64Array(mdp.pairCount);
  for (let t = 0; t < length; t++) counted[pair[t]] += weight[t];
  scoreGradient(mdp, policy, counted, gradient);
}
