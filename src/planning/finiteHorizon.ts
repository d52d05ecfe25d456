/**
 * Soft planning over a finite horizon: T decisions, a policy for each time.
 *
 *   V_T(s)     = 0
 *   Q_t(s, a)  = r(s, a) + γ Σₛ′ p(s′ | s, a) V_{t+1}(s′)
 *   V_t(s)     = τ log Σₐ exp(Q_t(s, a) / τ)
 *   D_{t+1}(s′) = c_{t+1}(s′) + γ Σ D_t(s) π_t(a | s) p(s′ | s, a)
 *
 * D is the adjoint of the values: with c₀ the start distribution it counts expected visits, with the
 * weights of a criterion it yields that criterion's gradient.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { EXP_TABLE, fastExp } from '../numeric/fastExp.ts';

/** Policies of all times are kept up to this many numbers (256 MB), else computed again when needed. */
const KEEP_LIMIT = 2 ** 25;

/** A choice this many τ below the best one has probability 0 to working precision. */
const LIMIT = 690;

export interface FiniteHorizon {
  readonly horizon: number;
  /** [(T + 1) × states] V_t(s), row t. */
  readonly value: Float64Array;
  /** Plans backwards for `reward` [pairs]. */
  plan(reward: Float64Array): void;
  /** Returns [pairs] π_t(a | s), valid until the next call. */
  policyAt(t: number): Float64Array;
  /**
   * Pushes weights forwards under the latest plan, in place.
   *
   * @param adjoint [T × states] c_t on entry, D_t on return
   * @param visits [pairs], added to: Σ_t D_t(s) π_t(a | s)
   */
  push(adjoint: Float64Array, visits: Float64Array): void;
}

export function createFiniteHorizon(
  mdp: Mdp,
  horizon: number,
  discount: number,
  temperature: number,
): FiniteHorizon {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const value = new Float64Array((horizon + 1) * stateCount);
  const kept = horizon * pairCount <= KEEP_LIMIT ? new Float64Array(horizon * pairCount) : null;
  const scratch = new Float64Array(kept ? 0 : pairCount);
  const lastReward = new Float64Array(pairCount);
  const step = (t: number, policy: Float64Array, policyStart: number): void =>
    backwardStep(mdp, lastReward, discount, temperature, value, t, policy, policyStart, EXP_TABLE);

  const policyAt = (t: number): Float64Array => {
    if (kept) return kept.subarray(t * pairCount, (t + 1) * pairCount);
    step(t, scratch, 0);
    return scratch;
  };

  return {
    horizon,
    value,
    policyAt,
    plan(reward) {
      lastReward.set(reward);
      for (let t = horizon - 1; t >= 0; t--) step(t, kept ?? scratch, kept ? t * pairCount : 0);
    },
    push(adjoint, visits) {
      for (let t = 0; t < horizon; t++) {
        const policy = policyAt(t);
        const here = t * stateCount;
        const next = here + stateCount;
        const last = t === horizon - 1;
        for (let s = 0; s < stateCount; s++) {
          const weight = adjoint[here + s];
          if (weight === 0) continue;
          for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
            const flow = weight * policy[pair];
            visits[pair] += flow;
            if (last) continue;
            const discounted = discount * flow;
            const end = transitionStart[pair + 1];
            for (let k = transitionStart[pair]; k < end; k++)
              adjoint[next + nextState[k]] += discounted * probability[k];
          }
        }
      }
    },
  };
}

/** Writes row t of `value` from row t + 1, and π_t. */
function backwardStep(
  mdp: Mdp,
  reward: Float64Array,
  discount: number,
  temperature: number,
  value: Float64Array,
  t: number,
  policy: Float64Array,
  policyStart: number,
  table: Float64Array,
): void {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const here = t * stateCount;
  const next = here + stateCount;
  const perTemperature = 1 / temperature;
  let pair = 0;
  let k = 0;
  for (let s = 0; s < stateCount; s++) {
    const first = pair;
    const last = pairStart[s + 1];
    if (first === last) {
      value[here + s] = 0;
      continue;
    }
    let largest = Number.NEGATIVE_INFINITY;
    for (; pair < last; pair++) {
      const end = transitionStart[pair + 1];
      let sum = 0;
      for (; k < end; k++) sum += probability[k] * value[next + nextState[k]];
      const actionValue = reward[pair] + discount * sum;
      policy[policyStart + pair] = actionValue;
      if (!(actionValue <= largest)) largest = actionValue;
    }
    let sum = 0;
    for (let p = first; p < last; p++) {
      const exponent = (policy[policyStart + p] - largest) * perTemperature;
      const weight = exponent > -LIMIT ? fastExp(exponent, table) : 0;
      policy[policyStart + p] = weight;
      sum += weight;
    }
    const scale = 1 / sum;
    for (let p = first; p < last; p++) policy[policyStart + p] *= scale;
    value[here + s] = largest + temperature * Math.log(sum);
  }
}
