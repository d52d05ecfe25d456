/**
 * The criterion of finite-horizon problems: one backward pass, one forward pass of the weights and,
 * for the curvature, one backward pass of gradients.
 *
 *   gradV_t = Σₐ π_t (f + γ P gradV_{t+1}),  gradV_T = 0
 *   ∂² value = 1/τ² Σ_t Σₛ D_t(s) Cov_{a ~ π_t(·|s)}(f + γ P gradV_{t+1})
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { addCovariance } from './choiceCovariance.ts';
import type { Criterion, Moments, TaskMoments } from './criterion.ts';
import { backUpGradient } from './finiteGradient.ts';
import { createFiniteHorizon } from './finiteHorizon.ts';
import { finiteValueGradients } from './finiteValueGradients.ts';

export interface FiniteCriterionOptions {
  /** T, the number of decisions. */
  readonly horizon: number;
  /** γ, 0 < γ ≤ 1 */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
}

export function createFiniteCriterion(
  mdp: Mdp,
  moments: Moments,
  { horizon, discount, temperature }: FiniteCriterionOptions,
): Criterion {
  const { stateCount, pairCount } = mdp;
  const planner = createFiniteHorizon(mdp, horizon, discount, temperature);
  const c = new Float64Array(horizon * stateCount);
  /** Minus the decisions taken, [T × states]. */
  const decisions = new Float64Array(horizon * stateCount);
  const add = ({ state, time, weight }: TaskMoments['decisions'], sign: number, to: Float64Array) =>
    state.forEach((s, i) => {
      to[time[i] * stateCount + s] += sign * weight[i];
    });
  for (const task of moments.tasks) {
    add(task, 1, c);
    add(task.decisions, -1, decisions);
  }
  const adjoint = new Float64Array(horizon * stateCount);

  return {
    evaluate(reward, surplus) {
      planner.plan(reward);
      let value = 0;
      for (let i = 0; i < c.length; i++) if (c[i] !== 0) value += c[i] * planner.value[i];
      for (let pair = 0; pair < pairCount; pair++) {
        if (moments.counts[pair] !== 0) value += moments.counts[pair] * reward[pair];
        surplus[pair] = moments.counts[pair];
      }
      adjoint.set(c);
      planner.push(adjoint, surplus);
      for (let pair = 0; pair < pairCount; pair++) surplus[pair] /= temperature;
      return value / temperature;
    },

    curvature(features, out) {
      covariances(features, adjoint, out);
    },

    expectedCurvature(features, out) {
      covariances(features, decisions, out);
    },

    valueGradients: (features) => finiteValueGradients(mdp, moments, planner, discount, features),
  };

  function covariances(features: FeatureMatrix, weights: Float64Array, out: Float64Array): void {
    out.fill(0);
    const width = features.names.length;
    const later = Array.from({ length: width }, () => new Float64Array(stateCount));
    for (let t = horizon - 1; t >= 0; t--) {
      const policy = planner.policyAt(t);
      const weight = weights.subarray(t * stateCount, (t + 1) * stateCount);
      addCovariance(mdp, features, later, policy, weight, discount, out);
      for (let k = 0; k < width; k++) backUpGradient(mdp, features, k, policy, discount, later[k]);
    }
    const scale = 1 / (temperature * temperature);
    for (let i = 0; i < out.length; i++) out[i] *= scale;
  }
}
