/** The exact log-likelihood of decisions under a given reward. */

import { likelihoodMoments } from '../planning/moments.ts';
import { rewardAt } from '../rewards/linearReward.ts';
import { createCriterion } from './createCriterion.ts';
import type { Problem } from './problem.ts';

/**
 * Returns the log-likelihood of knowing nothing: every parameter 0 but those that are fixed. Null
 * where that reward is infeasible.
 */
export function nullLogLikelihood(
  problem: Problem,
  fix: Readonly<Record<string, number>> = {},
): number | null {
  const theta = Float64Array.from(problem.features.names, (name) =>
    Object.hasOwn(fix, name) ? fix[name] : 0,
  );
  return logLikelihoodAt(problem, theta);
}

/** Returns Σ w log π_θ(a | s) of a problem's decisions; null where the reward is infeasible. */
export function logLikelihoodAt(problem: Problem, theta: Float64Array): number | null {
  return logLikelihoodOf(problem, rewardAt(problem, theta));
}

/**
 * Returns the same of any reward.
 *
 * @param reward [pairs]
 */
export function logLikelihoodOf(problem: Problem, reward: Float64Array): number | null {
  const { world, goals, trajectories, time } = problem;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const surplus = new Float64Array(world.mdp.pairCount);
  const value = createCriterion(problem, moments).evaluate(reward, surplus);
  return Number.isFinite(value) ? value : null;
}
