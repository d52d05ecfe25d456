/**
 * What is minimised: minus the criterion per decision, plus penalties, of a linear reward and a
 * network beside it, in the linear part's own units:
 *
 *   f(x) = −( value(r(θ, w)) − (λ/2) Σ θ² − (μ/2) Σ w² ) / decisions,   θ_free = x / spread
 *
 * Of the goals of one batch out of several the value is taken as often as there are batches: then the
 * mean over the batches is f.
 */

import type { Objective } from '../../optimizers/minimizer.ts';
import type { Criterion } from '../../planning/criterion.ts';
import type { NetworkReward } from '../../rewards/networkReward.ts';
import type { ParameterSpace } from '../parameters.ts';

export interface NetworkObjective extends Objective {
  /** Returns θ and w, a copy, at x [free + network]. */
  thetaOf(x: Float64Array): Float64Array;
  coordinatesOf(theta: Float64Array): Float64Array;
  /** Bounds of x. */
  readonly lower: Float64Array<ArrayBuffer>;
  readonly upper: Float64Array<ArrayBuffer>;
}

/** The demonstrations, as a likelihood of rewards. */
export interface ObjectivePart {
  readonly criterion: Criterion;
  /** How often its value is taken; 1 for all demonstrations. */
  readonly times: number;
  /** Weighted decisions of all demonstrations. */
  readonly decisions: number;
}

/** What multiplies the sums of squares: λ of the linear part, μ of the network. */
export interface Penalties {
  readonly linear: number;
  readonly network: number;
}

export function networkObjective(
  { criterion, times, decisions }: ObjectivePart,
  reward: NetworkReward,
  pairCount: number,
  space: ParameterSpace,
  penalties: Penalties,
): NetworkObjective {
  const { free, spread, start } = space;
  const { size, linearSize } = reward;
  const networkSize = size - linearSize;
  const theta = new Float64Array(size);
  theta.set(start);
  const slope = new Float64Array(size);
  const rewards = new Float64Array(pairCount);
  const surplus = new Float64Array(pairCount);

  const setTheta = (x: Float64Array): void => {
    for (let i = 0; i < free.length; i++) theta[free[i]] = x[i] / spread[i];
    theta.set(x.subarray(free.length), linearSize);
  };
  const ends = (known: Float64Array, beyond: number): Float64Array<ArrayBuffer> => {
    const all = new Float64Array(free.length + networkSize).fill(beyond);
    all.set(known);
    return all;
  };

  return {
    size: free.length + networkSize,
    lower: ends(space.lower, Number.NEGATIVE_INFINITY),
    upper: ends(space.upper, Number.POSITIVE_INFINITY),
    thetaOf(x) {
      setTheta(x);
      return theta.slice();
    },
    coordinatesOf(given) {
      const x = new Float64Array(free.length + networkSize);
      for (let i = 0; i < free.length; i++) x[i] = given[free[i]] * spread[i];
      x.set(given.subarray(linearSize), free.length);
      return x;
    },
    evaluate(x, gradient) {
      setTheta(x);
      reward.evaluate(theta, rewards);
      const value = times * criterion.evaluate(rewards, surplus);
      if (value === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
      if (times !== 1) for (let i = 0; i < surplus.length; i++) surplus[i] *= times;
      reward.pullBack(theta, surplus, slope);
      let penalty = 0;
      for (let k = 0; k < size; k++) {
        const weight = k < linearSize ? penalties.linear : penalties.network;
        penalty += 0.5 * weight * theta[k] * theta[k];
        slope[k] -= weight * theta[k];
      }
      for (let i = 0; i < free.length; i++)
        gradient[i] = -slope[free[i]] / spread[i] / (decisions || 1);
      for (let i = 0; i < networkSize; i++)
        gradient[free.length + i] = -slope[linearSize + i] / (decisions || 1);
      return (penalty - value) / (decisions || 1);
    },
  };
}
