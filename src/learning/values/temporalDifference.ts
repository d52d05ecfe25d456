/**
 * Learning from a single step: values move a little towards what the step showed.
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ W(s′) − Q(s, a) ],   W(s′) = 0 where the task was over
 *
 * with W from `nextValue`; SARSA takes W(s′) = Q(s′, a′) of the action that was taken next. Double
 * Q-learning keeps two tables, of which one chooses the best action and the other says its worth.
 *
 * References: Watkins & Dayan (1992), Machine Learning 8; Rummery & Niranjan (1994); van Hasselt
 * (2010), Double Q-learning, NIPS; Sutton & Barto (2018), chapter 6.
 */

import {
  epsilonGreedyValue,
  expectedValue,
  greedyIndex,
  greedyValue,
  softValue,
} from './nextValue.ts';

/** One step that was seen. */
export interface Step {
  /** The state and action, as a pair. */
  readonly pair: number;
  readonly reward: number;
  /** Pairs of the state that was reached: nextFirst … nextEnd − 1. */
  readonly nextFirst: number;
  readonly nextEnd: number;
  /** The pair that was chosen there; needed by SARSA only, −1 where none was. */
  readonly nextPair: number;
  /** Whether the task was over: then what follows is worth 0. Not where it was only truncated. */
  readonly terminated: boolean;
}

/** Which value of the next state a step is held against. */
export type TdRule =
  | { readonly kind: 'q-learning' }
  | { readonly kind: 'sarsa' }
  | { readonly kind: 'expected-sarsa'; readonly epsilon: number }
  | {
      readonly kind: 'policy';
      /** [pairs] π(a | s) of the policy that is learned about, whoever acts. */
      readonly policy: Float64Array;
    }
  | {
      readonly kind: 'soft-q-learning';
      readonly temperature: number;
      readonly prior: 'one' | 'uniform';
    };

/** Returns r + γ W(s′), by the values `q` [pairs]. */
export function tdTarget(q: Float64Array, step: Step, rule: TdRule, discount: number): number {
  const { reward, nextFirst, nextEnd, nextPair, terminated } = step;
  if (terminated) return reward;
  return reward + discount * worth();

  function worth(): number {
    switch (rule.kind) {
      case 'q-learning':
        return greedyValue(q, nextFirst, nextEnd);
      case 'sarsa':
        return nextPair < 0 ? 0 : q[nextPair];
      case 'expected-sarsa':
        return epsilonGreedyValue(q, nextFirst, nextEnd, rule.epsilon);
      case 'policy':
        return expectedValue(q, nextFirst, nextEnd, rule.policy);
      case 'soft-q-learning':
        return softValue(q, nextFirst, nextEnd, rule.temperature, rule.prior);
    }
  }
}

/** Returns r + γ Q_other(s′, a*) with a* the best action by `q`: Double Q-learning's target. */
export function doubleTarget(
  q: Float64Array,
  other: Float64Array,
  { reward, nextFirst, nextEnd, terminated }: Step,
  discount: number,
): number {
  if (terminated) return reward;
  const best = greedyIndex(q, nextFirst, nextEnd);
  return reward + (best < 0 ? 0 : discount * other[best]);
}

/** Moves an entry towards its target by a share `stepSize`; returns the error that was there. */
export function moveTowards(
  values: Float64Array,
  index: number,
  target: number,
  stepSize: number,
): number {
  const error = target - values[index];
  values[index] += stepSize * error;
  return error;
}
