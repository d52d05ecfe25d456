/**
 * The bridge between soft Q-learning and policy gradients: what both make of the same step.
 *
 * Let Q be a table, V(s) = τ log Σₐ p(a) exp(Q(s, a) / τ) and π(a | s) = p(a) exp((Q(s, a) − V(s)) / τ),
 * so that changing Q changes the policy too. A step (s, a, r, s′) was better than expected by
 *
 *   δ = r + γ V(s′) − Q(s, a)
 *
 * Soft Q-learning fits the action's value,          ΔQ = δ ∇Q(s, a) = δ eₐ.
 * The policy gradient with entropy has advantage    A = r − τ log π(a|s)/p(a) + γ V(s′) − V(s) = δ,
 * because τ log π(a|s)/p(a) = Q(s, a) − V(s); hence    ΔQ = δ τ ∇ log π(a | s) = δ (eₐ − π(· | s)).
 * Also Q(s′, a′) − τ log π(a′|s′)/p(a′) = V(s′) for whatever a′ comes next, so that one needs no draw.
 * Their difference is
 *
 *   δ eₐ − δ (eₐ − π) = δ π(· | s) = δ ∇V(s):
 *
 * soft Q-learning is the policy gradient and a fit of the value, in one. Averaged over a from π it is
 * (T^π V − V)(s) ∇V(s) with T^π the Bellman operator of π: the two agree in expectation exactly where
 * V is already the worth of π, and both vanish at the soft optimum.
 *
 * References: Schulman, Chen & Abbeel (2017), arXiv:1704.06440, section 3; Haarnoja et al. (2017),
 * ICML, section 4.4; Levine (2018), arXiv:1805.00909, section 4.2.
 */

import { softValue } from '../values/nextValue.ts';
import type { Step } from '../values/temporalDifference.ts';

export interface SoftUpdatesOptions {
  /** γ, 0 ≤ γ ≤ 1 */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
  /** p(a): `one` counts entropy in nats, `uniform` relative to choosing at random. */
  readonly prior: 'one' | 'uniform';
}

export interface SoftUpdates {
  /** δ, the soft Bellman error of the step. */
  readonly error: number;
  /** [actions of s] π(· | s) before the step. */
  readonly policy: Float64Array;
  /** [actions of s] direction in which soft Q-learning moves Q(s, ·). */
  readonly softQLearning: Float64Array;
  /** [actions of s] direction in which the policy gradient with entropy moves it. */
  readonly policyGradient: Float64Array;
}

/**
 * Returns both updates of Q(s, ·) for one step, to be multiplied by a step size; changes nothing.
 *
 * @param q [pairs]
 * @param first first pair of s
 * @param end one past its last
 */
export function softUpdates(
  q: Float64Array,
  first: number,
  end: number,
  { pair, reward, nextFirst, nextEnd, terminated }: Step,
  { discount, temperature, prior }: SoftUpdatesOptions,
): SoftUpdates {
  if (!(temperature > 0))
    throw new RangeError(`Cannot update softly: the temperature must be > 0, got ${temperature}`);
  if (!(pair >= first && pair < end))
    throw new RangeError(
      `Cannot update: the pair must be one of the state's ${first} … ${end - 1}, got ${pair}`,
    );
  const value = softValue(q, first, end, temperature, prior);
  const share = prior === 'one' ? 1 : 1 / (end - first);
  const policy = Float64Array.from(
    { length: end - first },
    (_, a) => share * Math.exp((q[first + a] - value) / temperature),
  );
  const ahead = terminated ? 0 : softValue(q, nextFirst, nextEnd, temperature, prior);
  const error = reward + discount * ahead - q[pair];
  const softQLearning = new Float64Array(policy.length);
  softQLearning[pair - first] = error;
  // with the policy's own advantage, not by subtracting the two
  const surprise = temperature * Math.log(policy[pair - first] / share);
  const advantage = reward - surprise + discount * ahead - value;
  const policyGradient = policy.map((p, a) => advantage * ((a === pair - first ? 1 : 0) - p));
  return { error, policy, softQLearning, policyGradient };
}
