import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Problem } from '../../src/algorithms/problem.ts';
import type { Criterion } from '../../src/planning/criterion.ts';
import { createFiniteCriterion } from '../../src/planning/finiteCriterion.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem, finiteKinds } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import {
  expectCurvature,
  expectExpectedCurvature,
  expectSurplus,
} from '../support/criterionChecks.ts';
import { naiveDual, naiveLikelihood } from '../support/naiveLikelihood.ts';

function criterionOf(problem: Problem, objective: 'likelihood' | 'feature-matching'): Criterion {
  const { world, goals, trajectories, time, temperature } = problem;
  if (time.kind !== 'finite') throw new TypeError('wanted a finite horizon');
  const moments =
    objective === 'likelihood'
      ? likelihoodMoments(world.mdp, goals, trajectories, time)
      : featureMatchingMoments(world.mdp, goals, trajectories, time, null);
  return createFiniteCriterion(world.mdp, moments, { ...time, temperature });
}

describe.each(finiteKinds)('%s', (kind) => {
  const problems = arbitraryProblem(kind);

  test('createFiniteCriterion gives the likelihood that the policies give', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { mdp } = problem.world;
        const reward = new Float64Array(mdp.pairCount);
        linearReward(mdp, problem.features).evaluate(problem.theta, reward);
        const value = criterionOf(problem, 'likelihood').evaluate(reward, reward.slice());
        expectClose([value], [naiveLikelihood(problem, reward)], 1e-12);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('createFiniteCriterion of the likelihood has the information of its decisions', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        expectExpectedCurvature(criterionOf(problem, 'likelihood'), problem);
      }),
      { seed: 5, numRuns: 15 },
    );
  });

  test('createFiniteCriterion of feature matching gives rewards minus the value of starts', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { mdp } = problem.world;
        const reward = new Float64Array(mdp.pairCount);
        linearReward(mdp, problem.features).evaluate(problem.theta, reward);
        const value = criterionOf(problem, 'feature-matching').evaluate(reward, reward.slice());
        expectClose([value], [naiveDual(problem, reward)], 1e-12);
      }),
      { seed: 4, numRuns: 15 },
    );
  });

  test.each(['likelihood', 'feature-matching'] as const)(
    'createFiniteCriterion of the %s has the gradient and curvature of its differences',
    (objective) => {
      fc.assert(
        fc.property(problems, (problem) => {
          const criterion = criterionOf(problem, objective);
          expectSurplus(criterion, problem);
          expectCurvature(criterion, problem);
        }),
        { seed: 2, numRuns: 40 },
      );
    },
  );
});
