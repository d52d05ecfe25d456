/**
 * What the optimiser minimises: minus the criterion per decision, plus the penalty, of a reward
 * linear in features, as a function of the free parameters in their own units.
 *
 *   f(x) = −( value(Fθ) − (λ/2) Σ θ² ) / decisions,  θ_free = x / spread
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { maxNorm } from '../numeric/csr.ts';
import { isPositiveDefinite } from '../numeric/positiveDefinite.ts';
import type { Objective } from '../optimizers/minimizer.ts';
import type { Criterion } from '../planning/criterion.ts';
import type { Reward } from '../rewards/reward.ts';
import type { ParameterSpace } from './parameters.ts';

/** A score per decision beyond which a point counts as far from the optimum. */
const FAR = 0.1;

export interface LinearObjective extends Objective {
  readonly hessian: (x: Float64Array, out: Float64Array) => void;
  /**
   * The Hessian near an optimum; far from one, or where it is not positive definite, the expected
   * information, with which a step goes the right way.
   */
  readonly uphillHessian: (x: Float64Array, out: Float64Array) => void;
  /** Returns θ [size], a copy, of the free parameters x. */
  thetaOf(x: Float64Array): Float64Array;
  /** Returns x [free] of θ. */
  coordinatesOf(theta: Float64Array): Float64Array;
  /** Number of evaluations so far. */
  evaluations(): number;
}

export function linearObjective(
  criterion: Criterion,
  reward: Reward,
  features: FeatureMatrix,
  pairCount: number,
  space: ParameterSpace,
  decisions: number,
  l2: number,
): LinearObjective {
  const { free, spread, bounds, lower, upper } = space;
  const size = reward.size;
  const perDecision = 1 / (decisions || 1);
  const theta = space.start.slice();
  const gradientTheta = new Float64Array(size);
  const rewards = new Float64Array(pairCount);
  const surplus = new Float64Array(pairCount);
  const curvature = new Float64Array(size * size);
  let evaluations = 0;
  /** Largest component of the latest gradient. */
  let steepness = Number.POSITIVE_INFINITY;

  const setTheta = (x: Float64Array): void => {
    for (let i = 0; i < free.length; i++) {
      // Rounding must not carry an estimate past the bound that stops it, nor short of it.
      const [low, high] = bounds[free[i]];
      const atLow = x[i] <= lower[i];
      theta[free[i]] = atLow ? low : x[i] >= upper[i] ? high : x[i] / spread[i];
    }
  };

  return {
    size: free.length,
    evaluations: () => evaluations,
    thetaOf(x) {
      setTheta(x);
      return theta.slice();
    },
    coordinatesOf: (given) => Float64Array.from(free, (k, i) => given[k] * spread[i]),

    evaluate(x, gradient) {
      evaluations++;
      setTheta(x);
      reward.evaluate(theta, rewards);
      const value = criterion.evaluate(rewards, surplus);
      if (value === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
      reward.pullBack(theta, surplus, gradientTheta);
      let penalty = 0;
      for (let k = 0; k < size; k++) penalty += theta[k] * theta[k];
      for (let i = 0; i < free.length; i++) {
        const k = free[i];
        gradient[i] = (perDecision * (l2 * theta[k] - gradientTheta[k])) / spread[i];
      }
      steepness = maxNorm(gradient);
      return perDecision * (0.5 * l2 * penalty - value);
    },

    hessian(_x, out) {
      criterion.curvature(features, curvature);
      inCoordinates(out);
    },

    uphillHessian(_x, out) {
      criterion.curvature(features, curvature);
      inCoordinates(out);
      if (!criterion.expectedCurvature) return;
      if (steepness < FAR && isPositiveDefinite(out, free.length)) return;
      criterion.expectedCurvature(features, curvature);
      inCoordinates(out);
    },
  };

  /** Minus the curvature plus the penalty's, per decision, in the units of x. */
  function inCoordinates(out: Float64Array): void {
    for (let i = 0; i < free.length; i++)
      for (let j = 0; j < free.length; j++) {
        const ridge = i === j ? l2 : 0;
        const second = ridge - curvature[free[i] * size + free[j]];
        out[i * free.length + j] = (perDecision * second) / (spread[i] * spread[j]);
      }
  }
}
