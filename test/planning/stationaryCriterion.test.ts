import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/algorithms/problem.ts';
import { discountOf } from '../../src/mdp/timeStructure.ts';
import type { Criterion } from '../../src/planning/criterion.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import { createStationaryCriterion } from '../../src/planning/stationaryCriterion.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem, stationaryKinds } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { expectCurvature, expectSurplus } from '../support/criterionChecks.ts';
import { naiveLikelihood } from '../support/naiveLikelihood.ts';

function criterionOf(problem: Problem, objective: 'likelihood' | 'feature-matching'): Criterion {
  const { world, goals, trajectories, time, temperature } = problem;
  const moments =
    objective === 'likelihood'
      ? likelihoodMoments(world.mdp, goals, trajectories, time)
      : featureMatchingMoments(world.mdp, goals, trajectories, time, null);
  const options = { discount: discountOf(time), temperature };
  return createStationaryCriterion(world.mdp, goals, moments, options);
}

describe.each(stationaryKinds)('%s', (kind) => {
  const problems = arbitraryProblem(kind);

  test('createStationaryCriterion gives the likelihood that the policy gives', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { mdp } = problem.world;
        const reward = new Float64Array(mdp.pairCount);
        linearReward(mdp, problem.features).evaluate(problem.theta, reward);
        const value = criterionOf(problem, 'likelihood').evaluate(reward, reward.slice());
        expectClose([value], [naiveLikelihood(problem, reward)], 1e-8);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test.each([
    'likelihood',
    'feature-matching',
  ] as const)('createStationaryCriterion of the %s has the gradient and curvature of its differences', (objective) => {
    fc.assert(
      fc.property(problems, (problem) => {
        const criterion = criterionOf(problem, objective);
        expectSurplus(criterion, problem);
        expectCurvature(criterion, problem);
      }),
      { seed: 2, numRuns: 25 },
    );
  });
});

test('createStationaryCriterion is −∞ where wandering for ever pays', () => {
  fc.assert(
    fc.property(arbitraryProblem('noisy goals'), (problem) => {
      const { mdp } = problem.world;
      const loops = [...mdp.nextState.keys()].some(
        (k) => mdp.nextState[k] === problem.trajectories.state[0],
      );
      fc.pre(loops);
      const criterion = criterionOf(problem, 'likelihood');
      const value = criterion.evaluate(
        new Float64Array(mdp.pairCount).fill(50),
        new Float64Array(mdp.pairCount),
      );
      // Either the walkers can only move towards the goal, and the value is finite, or it is −∞.
      expect(Number.isNaN(value)).toBe(false);
      expect(value).toBeLessThanOrEqual(1e-9);
    }),
    { seed: 3, numRuns: 40 },
  );
});
