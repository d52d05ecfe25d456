/**
 * The planner that knows the dynamics: the exact engines behind the contract of the sampled loop. In a
 * world whose dynamics were counted in a log it is where soft fitted Q-iteration on those counts ends.
 */

import { isPositiveDefinite } from '../../numeric/positiveDefinite.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../planning/moments.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import { createCriterion } from '../createCriterion.ts';
import { logLikelihoodOf } from '../logLikelihoodAt.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import type { SampledPlanner, SampledSurplus } from './sampledPlanner.ts';

export interface ExactPlanner extends SampledPlanner {
  plan(theta: Float64Array): void;
  surplus(): SampledSurplus;
  /** [parameters] of the latest plan, per decision. */
  gradient(): Float64Array;
}

/** @param offset [pairs] what every reward is paid beside Fθ */
export function createExactPlanner(
  problem: Problem,
  objective: 'likelihood' | 'feature-matching',
  offset: Float64Array,
): ExactPlanner {
  const { world, goals, trajectories, time, initial, features } = problem;
  const moments =
    objective === 'likelihood'
      ? likelihoodMoments(world.mdp, goals, trajectories, time)
      : featureMatchingMoments(world.mdp, goals, trajectories, time, initial);
  const criterion = createCriterion(problem, moments);
  const reward = linearReward(world.mdp, features);
  const perDecision = 1 / weightedDecisions(problem);
  const size = reward.size;
  const rewards = new Float64Array(world.mdp.pairCount);
  const surplus = new Float64Array(world.mdp.pairCount);
  let planned: Float64Array = new Float64Array(size);

  const plan = (theta: Float64Array): void => {
    planned = theta.slice();
    reward.evaluate(theta, rewards);
    for (let pair = 0; pair < rewards.length; pair++) rewards[pair] += offset[pair];
    if (!Number.isFinite(criterion.evaluate(rewards, surplus)))
      throw new RangeError('Cannot plan: the soft value is not finite at this reward');
  };
  const gradient = (): Float64Array => {
    const sum = new Float64Array(size);
    reward.pullBack(planned, surplus, sum);
    return sum.map((g) => g * perDecision);
  };
  return {
    plan,
    settle: plan,
    gradient,
    surplus: () => ({
      gradient: gradient(),
      replicates: [],
      information: curvatureAt(),
      informationNoise: 0,
    }),
    logLikelihood: () => logLikelihoodOf(problem, rewards) ?? Number.NEGATIVE_INFINITY,
    steps: () => 0,
    known: () => problem,
    state: () => ({}),
  };

  /** Minus the second derivatives per decision where they are those of a maximum; else of scoring. */
  function curvatureAt(): Float64Array {
    const second = new Float64Array(size * size);
    const perPair = (x: number): number => -x * perDecision;
    criterion.curvature(features, second);
    const exact = second.map(perPair);
    if (!criterion.expectedCurvature || isPositiveDefinite(exact, size)) return exact;
    criterion.expectedCurvature(features, second);
    return second.map(perPair);
  }
}
