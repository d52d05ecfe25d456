/** The log-likelihood at a reward, with its gradient in θ trajectory by trajectory. */

import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import { createCriterion } from './createCriterion.ts';
import { eachPlannedScore } from './decisionScores.ts';
import type { Problem } from './problem.ts';

export interface LikelihoodScores {
  readonly logLikelihood: number;
  /** [features] */
  readonly gradient: Float64Array;
  /** [trajectories × features] weighted scores, that sum to the gradient. */
  readonly ofTrajectories: () => Float64Array;
}

/** Returns null where the reward is infeasible. */
export function likelihoodScores(problem: Problem, theta: Float64Array): LikelihoodScores | null {
  const { world, goals, trajectories, time, features } = problem;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const criterion = createCriterion(problem, moments);
  const linear = linearReward(world.mdp, features);
  const reward = new Float64Array(world.mdp.pairCount);
  linear.evaluate(theta, reward);
  const surplus = new Float64Array(world.mdp.pairCount);
  const logLikelihood = criterion.evaluate(reward, surplus);
  if (!Number.isFinite(logLikelihood)) return null;
  const gradient = new Float64Array(theta.length);
  linear.pullBack(theta, surplus, gradient);
  return {
    logLikelihood,
    gradient,
    ofTrajectories() {
      const scores = new Float64Array(trajectories.count * theta.length);
      const gradients = criterion.valueGradients?.(features);
      if (!gradients) throw new TypeError('Cannot take scores: the criterion looks at no values');
      eachPlannedScore(problem, moments, gradients, (i, _row, score) => {
        for (let k = 0; k < score.length; k++)
          scores[i * score.length + k] += trajectories.weight[i] * score[k];
      });
      return scores;
    },
  };
}
