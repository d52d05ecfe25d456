/**
 * Steps that were recorded once and for all, seen through features: what offline methods learn from.
 *
 * Everything that could be chosen is a *row* of features; rows that could be chosen in one state lie
 * side by side. Of each step the log holds the row that was taken, and those that could come next. In a
 * tabular world rows are pairs; in a continuous one each step brings rows of its own.
 */

import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import type { Rollout } from '../rollout.ts';

export interface TransitionLog {
  readonly featureCount: number;
  /** [rows × features], row-major. */
  readonly features: Float64Array;
  /** [steps] row that was taken. */
  readonly taken: Int32Array;
  /** [steps] */
  readonly reward: Float64Array;
  /** [steps] first row that could be taken next. */
  readonly nextFirst: Int32Array;
  /** [steps] one past the last. */
  readonly nextEnd: Int32Array;
  /** [steps] 1 where the task was over, so that nothing that follows is worth anything. */
  readonly terminated: Uint8Array;
}

/** Returns the log of episodes in a tabular world, its rows being pairs. */
export function logOfRollouts(
  { pairCount, pairStart }: Mdp,
  features: FeatureMatrix,
  rollouts: readonly Rollout[],
): TransitionLog {
  if (features.per !== 'pair')
    throw new RangeError(
      'Cannot log: features must be per pair, or no action differs from another',
    );
  const steps = rollouts.flatMap(({ length, state, pair, reward }) =>
    Array.from({ length }, (_, t) => ({ pair: pair[t], reward: reward[t], to: state[t + 1] })),
  );
  return {
    featureCount: features.values.length / pairCount,
    features: features.values,
    taken: Int32Array.from(steps, ({ pair }) => pair),
    reward: Float64Array.from(steps, ({ reward }) => reward),
    nextFirst: Int32Array.from(steps, ({ to }) => pairStart[to]),
    nextEnd: Int32Array.from(steps, ({ to }) => pairStart[to + 1]),
    terminated: Uint8Array.from(steps, ({ to }) => (pairStart[to] === pairStart[to + 1] ? 1 : 0)),
  };
}

/** A step in a world of a few actions, seen through features of its states. */
export interface SeenStep {
  /** [features] */
  readonly state: ArrayLike<number>;
  readonly action: number;
  readonly reward: number;
  /** [features] */
  readonly next: ArrayLike<number>;
  readonly terminated: boolean;
}

/**
 * Returns the log of steps where every action is always possible and has weights of its own: the row
 * of action a holds the state's features in block a and zeros elsewhere.
 */
export function logOfSteps(steps: readonly SeenStep[], actionCount: number): TransitionLog {
  const width = steps[0]?.state.length ?? 0;
  const featureCount = width * actionCount;
  const features = new Float64Array(steps.length * (actionCount + 1) * featureCount);
  const put = (row: number, action: number, from: ArrayLike<number>): void => {
    for (let k = 0; k < width; k++) features[row * featureCount + action * width + k] = from[k];
  };
  const nextFirst = steps.map((_, i) => steps.length + i * actionCount);
  steps.forEach(({ state, action, next }, i) => {
    if (!(action >= 0 && action < actionCount && Number.isInteger(action)))
      throw new RangeError(
        `Cannot log: the action of step ${i} must be one of 0 … ${actionCount - 1}, got ${action}`,
      );
    if (state.length !== width || next.length !== width)
      throw new RangeError(
        `Cannot log: step ${i} must have ${width} features, got ${state.length} and ${next.length}`,
      );
    put(i, action, state);
    for (let a = 0; a < actionCount; a++) put(nextFirst[i] + a, a, next);
  });
  return {
    featureCount,
    features,
    taken: Int32Array.from(steps, (_, i) => i),
    reward: Float64Array.from(steps, ({ reward }) => reward),
    nextFirst: Int32Array.from(nextFirst),
    nextEnd: Int32Array.from(nextFirst, (first) => first + actionCount),
    terminated: Uint8Array.from(steps, ({ terminated }) => (terminated ? 1 : 0)),
  };
}
