/**
 * What the demonstrations leave open or send to infinity in dynamics that are known to the planner:
 * given, counted in a log, or counted in steps that were remembered. By the rules of the exact fits.
 */

import type { Criterion } from '../../planning/criterion.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../planning/moments.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import { createCriterion } from '../createCriterion.ts';
import { meaningOfFeatures } from '../explainDirections.ts';
import { type Identification, identify } from '../identification.ts';
import { stepsAhead } from '../linearFit.ts';
import { linearObjective } from '../linearObjective.ts';
import type { ParameterSpace } from '../parameters.ts';
import { type Problem, weightedDecisions } from '../problem.ts';

export interface KnownEnd {
  readonly objective: 'likelihood' | 'feature-matching';
  /** [pairs] what every reward is paid beside Fθ. */
  readonly offset: Float64Array;
  readonly space: ParameterSpace;
  readonly l2: number;
  readonly theta: Float64Array;
  /** Whether no gap is left in these dynamics. */
  readonly arrived: boolean;
}

/** Beyond so many parameters second derivatives are not taken at all. */
const CURVATURE_LIMIT = 400;

/** @param known with the dynamics that were planned in */
export function knownIdentification(
  known: Problem,
  { objective: kind, offset, space, l2, theta, arrived }: KnownEnd,
): Identification | null {
  const { world, goals, trajectories, time, initial, features } = known;
  const { mdp } = world;
  const size = space.free.length;
  if (size === 0 || size > CURVATURE_LIMIT) return null;
  const moments =
    kind === 'likelihood'
      ? likelihoodMoments(mdp, goals, trajectories, time)
      : featureMatchingMoments(mdp, goals, trajectories, time, initial);
  const criterion = createCriterion(known, moments);
  const paid = new Float64Array(mdp.pairCount);
  const besideOffset: Criterion = {
    ...criterion,
    evaluate(reward, surplus) {
      for (let pair = 0; pair < paid.length; pair++) paid[pair] = reward[pair] + offset[pair];
      return criterion.evaluate(paid, surplus);
    },
  };
  const decisions = weightedDecisions(known);
  const reward = linearReward(mdp, features);
  const objective = linearObjective(
    besideOffset,
    reward,
    features,
    mdp.pairCount,
    space,
    decisions,
    l2,
  );
  const x = objective.coordinatesOf(theta);
  const gradient = new Float64Array(size);
  const value = objective.evaluate(x, gradient);
  return identify({
    meaning: meaningOfFeatures(known, space),
    objective,
    space,
    x,
    gradient,
    value,
    held: Uint8Array.from(x, (xi, i) => (xi <= space.lower[i] || xi >= space.upper[i] ? 1 : 0)),
    decisions,
    lookAhead: stepsAhead(time),
    arrived,
  });
}
