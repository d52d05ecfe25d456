/**
 * How likely every trajectory is under a linear reward, and how that moves with θ: what a mixture
 * of rewards is made of.
 *
 *   ℓᵢ(θ) = Σ_{d in i} log π_θ(a | s),   sᵢ = ∂ℓᵢ / ∂θ
 *
 * One plan answers for all trajectories; a score costs one tangent of it per feature.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { discountOf } from '../mdp/timeStructure.ts';
import type { Criterion, Moments } from '../planning/criterion.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import type { ValueGradients } from '../planning/valueGradients.ts';
import { linearReward } from '../rewards/linearReward.ts';
import { exitsOfGoals } from './choiceSituations.ts';
import { createCriterion } from './createCriterion.ts';
import { addFeatures } from './decisionScores.ts';
import { eachDecision } from './eachDecision.ts';
import type { Problem } from './problem.ts';

/** Told of a decision; `score` [features] is good until the next one. */
export type VisitPlannedDecision = (
  trajectory: number,
  row: number,
  logProbability: number,
  score: Float64Array,
) => void;

export interface TrajectoryScores {
  /** [trajectories] ℓᵢ of the latest evaluation, without the weight. */
  readonly logLikelihood: Float64Array;
  /** [trajectories × features] sᵢ; empty where no scores were asked for. */
  readonly score: Float64Array;
  /** Plans for θ and overwrites both; returns false, leaving them, where θ is infeasible. */
  evaluate(theta: Float64Array): boolean;
  /** Tells about every decision at the latest θ, trajectory after trajectory. */
  each(visit: VisitPlannedDecision): void;
}

/** @param wanted whether scores are wanted beside likelihoods, which alone are cheaper */
export function createTrajectoryScores(
  problem: Problem,
  wanted: 'likelihoods' | 'scores',
): TrajectoryScores {
  const { world, goals, trajectories, time } = problem;
  const features: FeatureMatrix =
    wanted === 'scores'
      ? problem.features
      : { names: [], per: 'state', values: new Float64Array(0) };
  const width = features.names.length;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const criterion = createCriterion(problem, moments);
  const linear = linearReward(world.mdp, problem.features);
  const reward = new Float64Array(world.mdp.pairCount);
  const surplus = new Float64Array(world.mdp.pairCount);
  const logLikelihood = new Float64Array(trajectories.count);
  const score = new Float64Array(trajectories.count * width);
  let gradients: ValueGradients | null = null;

  const each = (visit: VisitPlannedDecision): void => {
    if (gradients) visitDecisions({ ...problem, features }, moments, gradients, reward, visit);
  };
  return {
    logLikelihood,
    score,
    each,
    evaluate(theta) {
      linear.evaluate(theta, reward);
      gradients = null;
      if (!Number.isFinite(criterion.evaluate(reward, surplus))) return false;
      gradients = gradientsOf(criterion, features);
      logLikelihood.fill(0);
      score.fill(0);
      each((i, _row, logProbability, own) => {
        logLikelihood[i] += logProbability;
        for (let k = 0; k < width; k++) score[i * width + k] += own[k];
      });
      return true;
    },
  };
}

function gradientsOf(criterion: Criterion, features: FeatureMatrix): ValueGradients {
  if (!criterion.valueGradients)
    throw new TypeError('Cannot score trajectories: this criterion looks at no values');
  return criterion.valueGradients(features);
}

function visitDecisions(
  { world, goals, features, trajectories, time, temperature }: Problem,
  { tasks }: Moments,
  gradients: ValueGradients,
  reward: Float64Array,
  visit: VisitPlannedDecision,
): void {
  const { transitionStart, nextState, probability } = world.mdp;
  const discount = discountOf(time);
  const taskOf = new Map(tasks.map(({ goal }, task) => [goal, task]));
  const exits = exitsOfGoals(goals);
  const { rowStart, state, pair, goal } = trajectories;
  const score = new Float64Array(features.names.length);
  const gradient = new Float64Array(score.length);
  eachDecision(trajectories, (i, row) => {
    const task = taskOf.get(goal[i]);
    if (task === undefined) return;
    const t = row - rowStart[i];
    const s = state[row];
    const p = pair[row];
    let advantage = -gradients.at(task, t, s, gradient);
    for (let k = 0; k < score.length; k++) score[k] = -gradient[k];
    if (p < 0) advantage += exits[goal[i]]?.get(s) ?? Number.NEGATIVE_INFINITY;
    else {
      advantage += reward[p];
      addFeatures(features, s, p, score);
      for (let n = transitionStart[p]; n < transitionStart[p + 1]; n++) {
        // Nothing ahead counts where the discount is 0.
        if (discount === 0) break;
        const share = discount * probability[n];
        advantage += share * gradients.at(task, t + 1, nextState[n], gradient);
        for (let k = 0; k < score.length; k++) score[k] += share * gradient[k];
      }
    }
    for (let k = 0; k < score.length; k++) score[k] /= temperature;
    visit(i, row, advantage / temperature, score);
  });
}
