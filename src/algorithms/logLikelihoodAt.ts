/** The exact log-likelihood of decisions under a given linear reward. */

import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import { createCriterion } from './createCriterion.ts';
import type { Problem } from './problem.ts';

/** Returns Σ w log π_θ(a | s) of a problem's decisions; null where the reward is infeasible. */
export function logLikelihoodAt(problem: Problem, theta: Float64Array): number | null {
  const { world, goals, trajectories, time, features } = problem;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const reward = new Float64Array(world.mdp.pairCount);
  linearReward(world.mdp, features).evaluate(theta, reward);
  const surplus = new Float64Array(world.mdp.pairCount);
  const value = createCriterion(problem, moments).evaluate(reward, surplus);
  return Number.isFinite(value) ? value : null;
}
