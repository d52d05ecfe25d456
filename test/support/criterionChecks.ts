/** What holds for every criterion: its gradient and curvature are those of its own differences. */

import type { Criterion } from '../../src/planning/criterion.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { numbers } from './arbitraryMdp.ts';
import type { DrawnProblem } from './arbitraryProblem.ts';
import { expectClose } from './closeness.ts';
import { differentiate, jacobianRows } from './differences.ts';
import { naiveChoices } from './naiveLikelihood.ts';

/** Value differences carry the planner's 1e-10, divided by a step of 1e-3. */
const TOLERANCE = 1e-6;

/** The surplus [pairs] against differences of the value along two random directions of reward. */
export function expectSurplus(criterion: Criterion, problem: DrawnProblem): void {
  const { world, features, theta, seed } = problem;
  const { mdp } = world;
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(theta, reward);
  const surplus = new Float64Array(mdp.pairCount);
  criterion.evaluate(reward, surplus);
  for (const turn of [1, 2]) {
    const direction = numbers(seed + turn, mdp.pairCount);
    const scratch = new Float64Array(mdp.pairCount);
    const slope = differentiate((t) => [
      criterion.evaluate(
        reward.map((r, pair) => r + t * direction[pair]),
        scratch,
      ),
    ]);
    const along = surplus.reduce((sum, n, pair) => sum + n * direction[pair], 0);
    expectClose([along], slope, TOLERANCE);
  }
}

/** The curvature [features × features] against differences of the gradient in θ. */
export function expectCurvature(criterion: Criterion, problem: DrawnProblem): void {
  const { world, features, theta } = problem;
  const { mdp } = world;
  const linear = linearReward(mdp, features);
  const gradientAt = (at: Float64Array): Float64Array => {
    const reward = new Float64Array(mdp.pairCount);
    const surplus = new Float64Array(mdp.pairCount);
    const gradient = new Float64Array(theta.length);
    linear.evaluate(at, reward);
    criterion.evaluate(reward, surplus);
    linear.pullBack(at, surplus, gradient);
    return gradient;
  };
  const differences = jacobianRows(gradientAt, theta);
  gradientAt(theta);
  const curvature = new Float64Array(theta.length ** 2).fill(Number.NaN);
  criterion.curvature(features, curvature);
  expectClose(curvature, differences, TOLERANCE);
}

/**
 * The expected curvature against minus the information of the decisions, Σ w Σ π ∇log π ∇log πᵀ
 * over what could have been chosen, with ∇log π by differences of naive plans.
 */
export function expectExpectedCurvature(criterion: Criterion, problem: DrawnProblem): void {
  const { world, features, theta } = problem;
  const { mdp } = world;
  const linear = linearReward(mdp, features);
  const choicesAt = (at: Float64Array) => {
    const reward = new Float64Array(mdp.pairCount);
    linear.evaluate(at, reward);
    return naiveChoices(problem, reward);
  };
  const size = theta.length;
  const choices = choicesAt(theta).flatMap(({ weight, logProbabilities }) =>
    logProbabilities.map((logProbability) => weight * Math.exp(logProbability)),
  );
  const scores = jacobianRows(
    (at) => choicesAt(at).flatMap(({ logProbabilities }) => logProbabilities),
    theta,
  );
  const wanted = new Float64Array(size * size);
  for (let k = 0; k < size; k++)
    for (let j = 0; j < size; j++)
      choices.forEach((share, i) => {
        wanted[k * size + j] -=
          share * scores[k * choices.length + i] * scores[j * choices.length + i];
      });

  const reward = new Float64Array(mdp.pairCount);
  linear.evaluate(theta, reward);
  criterion.evaluate(reward, reward.slice());
  const curvature = new Float64Array(size * size).fill(Number.NaN);
  if (!criterion.expectedCurvature) throw new TypeError('wanted an expected curvature');
  criterion.expectedCurvature(features, curvature);
  expectClose(curvature, wanted, TOLERANCE);
}
