/** What a fit by planning leaves behind for inference: its curvature and its scores at θ. */

import type { Criterion, Moments } from '../planning/criterion.ts';
import { eachPlannedScore } from './decisionScores.ts';
import type { Curvature, Information } from './information.ts';
import { eachMomentScore } from './momentScores.ts';
import type { Problem } from './problem.ts';
import { likelihoodProducts, momentProducts } from './scoreProducts.ts';

/**
 * Returns null where there is no curvature to speak of.
 *
 * @param moments what `criterion` was made of: of the likelihood or of feature matching
 * @param reward [pairs] at the estimates
 */
export function plannedInformation(
  problem: Problem,
  objective: 'likelihood' | 'feature-matching',
  criterion: Criterion,
  moments: Moments,
  reward: Float64Array,
  curvature: Curvature | null,
): Information | null {
  const { features, trajectories } = problem;
  if (!curvature || !criterion.valueGradients) return null;
  criterion.evaluate(reward, new Float64Array(reward.length));
  const gradients = criterion.valueGradients(features);
  const size = features.names.length;
  const products =
    objective === 'likelihood'
      ? likelihoodProducts(size, trajectories, (visit) =>
          eachPlannedScore(problem, moments, gradients, visit),
        )
      : momentProducts(size, trajectories, (visit) =>
          eachMomentScore(problem, moments, gradients, visit),
        );
  return { ...curvature, ...products };
}
