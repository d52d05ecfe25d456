/**
 * What a policy brings in T decisions and how that changes with it, exactly.
 *
 *   Q_t(s, a) = r(s, a) + γ Σₛ′ p(s′ | s, a) V_{t+1}(s′)
 *   V_t(s)    = Σₐ π(a | s) [ Q_t(s, a) − τ log π(a | s) ],   V_T = 0
 *   J         = Σ p(s₀) V_0(s₀)
 *   ∇J        = Σ_t γᵗ Σ p_t(s, a) [ Q_t(s, a) − τ log π(a | s) ] ∇ log π(a | s)
 *
 * with p_t the probability of being there at t. One pass backwards for the values, one forwards for
 * the visits; nothing is enumerated and nothing sampled. τ > 0 pays for entropy as soft planning does.
 * The policy is the same at all times; a state without actions is worth 0.
 *
 * Reference: Sutton, McAllester, Singh & Mansour (2000), NIPS 12, theorem 1; Levine (2018),
 * arXiv:1805.00909, section 4.1.
 */

import { z } from 'zod';
import type { Mdp } from '../../mdp/mdp.ts';
import { scoreGradient } from './softmaxPolicy.ts';

export const PolicyObjectiveOptions = z.strictObject({
  horizon: z.int().positive().describe('Number of decisions T'),
  discount: z.number().positive().max(1).default(1).describe('Worth of the next step γ'),
  temperature: z.number().min(0).default(0).describe('Price τ of the entropy that is paid'),
});
/** What a caller may write. */
export type PolicyObjectiveOptions = z.input<typeof PolicyObjectiveOptions>;

export interface PolicyObjective {
  readonly horizon: number;
  readonly discount: number;
  readonly temperature: number;
  /** [pairs] π(a | s). */
  readonly policy: Float64Array;
  /** J, entropy included. */
  readonly worth: number;
  /** [pairs] ∇J by the preferences θ of a softmax policy. */
  readonly gradient: Float64Array;
  /** [(T + 1) × states] V_t(s), row t. */
  readonly value: Float64Array;
  /** [T × pairs] Q_t(s, a), row t; the entropy of the choice itself is not in it. */
  readonly actionValue: Float64Array;
  /** [T × pairs] p_t(s, a), row t, not discounted. */
  readonly visits: Float64Array;
}

/**
 * @param reward [pairs]
 * @param initial [states] p(s₀)
 * @param policy [pairs] π(a | s) > 0
 */
export function policyObjective(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  policy: Float64Array,
  options: PolicyObjectiveOptions,
): PolicyObjective {
  const { horizon, discount, temperature } = PolicyObjectiveOptions.parse(options);
  const { stateCount, pairCount } = mdp;
  checkLength('reward', reward, pairCount);
  checkLength('the policy', policy, pairCount);
  checkLength('the start distribution', initial, stateCount);
  const value = new Float64Array((horizon + 1) * stateCount);
  const actionValue = new Float64Array(horizon * pairCount);
  for (let t = horizon - 1; t >= 0; t--)
    evaluateStep(mdp, reward, policy, discount, temperature, t, value, actionValue);
  const visits = pushForwards(mdp, initial, policy, horizon);

  const weight = new Float64Array(pairCount);
  for (let t = 0, scale = 1; t < horizon; t++, scale *= discount)
    for (let pair = 0; pair < pairCount; pair++) {
      const i = t * pairCount + pair;
      if (visits[i] === 0) continue;
      weight[pair] += scale * visits[i] * (actionValue[i] - entropyPrice(policy[pair]));
    }
  const gradient = new Float64Array(pairCount);
  scoreGradient(mdp, policy, weight, gradient);
  let worth = 0;
  for (let s = 0; s < stateCount; s++) worth += initial[s] * value[s];
  return { horizon, discount, temperature, policy, worth, gradient, value, actionValue, visits };

  function entropyPrice(p: number): number {
    return temperature === 0 ? 0 : temperature * Math.log(p);
  }
}

/** Writes Q_t and V_t from V_{t+1}. */
function evaluateStep(
  mdp: Mdp,
  reward: Float64Array,
  policy: Float64Array,
  discount: number,
  temperature: number,
  t: number,
  value: Float64Array,
  actionValue: Float64Array,
): void {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const next = (t + 1) * stateCount;
  for (let s = 0; s < stateCount; s++) {
    let worth = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      let ahead = 0;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        ahead += probability[k] * value[next + nextState[k]];
      const q = reward[pair] + discount * ahead;
      actionValue[t * pairCount + pair] = q;
      const p = policy[pair];
      if (p > 0) worth += p * (temperature === 0 ? q : q - temperature * Math.log(p));
    }
    value[t * stateCount + s] = worth;
  }
}

/** [T × pairs] the probability of each pair at each time. */
function pushForwards(
  mdp: Mdp,
  initial: Float64Array,
  policy: Float64Array,
  horizon: number,
): Float64Array {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const visits = new Float64Array(horizon * pairCount);
  let here = initial.slice();
  let next = new Float64Array(stateCount);
  for (let t = 0; t < horizon; t++) {
    next.fill(0);
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        const flow = here[s] * policy[pair];
        visits[t * pairCount + pair] = flow;
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          next[nextState[k]] += flow * probability[k];
      }
    [here, next] = [next, here];
  }
  return visits;
}

function checkLength(what: string, x: Float64Array, wanted: number): void {
  if (x.length !== wanted)
    throw new RangeError(
      `Cannot evaluate a policy: ${what} must have ${wanted} entries, got ${x.length}`,
    );
}
