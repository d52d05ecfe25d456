import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/algorithms/problem.ts';
import { discountOf } from '../../src/mdp/timeStructure.ts';
import type { Criterion } from '../../src/planning/criterion.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import { createStationaryCriterion } from '../../src/planning/stationaryCriterion.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { mdpOf } from '../support/arbitraryMdp.ts';
import { arbitraryProblem, stationaryKinds } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import {
  expectCurvature,
  expectExpectedCurvature,
  expectSurplus,
} from '../support/criterionChecks.ts';
import { naiveDual, naiveLikelihood } from '../support/naiveLikelihood.ts';

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

  test('createStationaryCriterion of the likelihood has the information of its decisions', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        expectExpectedCurvature(criterionOf(problem, 'likelihood'), problem);
      }),
      { seed: 5, numRuns: 15 },
    );
  });

  test('createStationaryCriterion of feature matching gives rewards minus the value of starts', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { mdp } = problem.world;
        const reward = new Float64Array(mdp.pairCount);
        linearReward(mdp, problem.features).evaluate(problem.theta, reward);
        const value = criterionOf(problem, 'feature-matching').evaluate(reward, reward.slice());
        expectClose([value], [naiveDual(problem, reward)], 1e-8);
      }),
      { seed: 4, numRuns: 15 },
    );
  });

  test.each(['likelihood', 'feature-matching'] as const)(
    'createStationaryCriterion of the %s has the gradient and curvature of its differences',
    (objective) => {
      fc.assert(
        fc.property(problems, (problem) => {
          const criterion = criterionOf(problem, objective);
          expectSurplus(criterion, problem);
          expectCurvature(criterion, problem);
        }),
        { seed: 2, numRuns: 25 },
      );
    },
  );
});

/** One state with a loop and a way out, both at the same reward r: exp V = eʳ exp V + eʳ. */
function loopProblem(): Problem {
  const mdp = mdpOf([
    [[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }]],
    [[{ to: 0, probability: 1 }]],
  ]);
  return {
    world: {
      mdp,
      stateNames: ['here', 'home'],
      actionNames: ['wait', 'go'],
      pairAction: Int32Array.of(0, 1, 0),
    },
    time: { kind: 'undiscounted' },
    goals: [
      {
        name: 'home',
        absorbing: true,
        stopState: Int32Array.of(1),
        stopReward: Float64Array.of(0),
      },
    ],
    features: { names: ['step'], per: 'pair', values: Float64Array.of(1, 1, 1) },
    trajectories: {
      count: 1,
      rowStart: Int32Array.of(0, 2),
      state: Int32Array.of(0, 1),
      pair: Int32Array.of(1, -1),
      goal: Int32Array.of(0),
      weight: Float64Array.of(1),
      stopped: Uint8Array.of(0),
      names: ['trip'],
      folds: null,
    },
    initial: null,
    temperature: 1,
  };
}

test.each([-3, -1, -0.1, -0.001])(
  'createStationaryCriterion of a loop has the closed form log(1 − eʳ) at r = %d',
  (r) => {
    const rewards = new Float64Array(3).fill(r);
    const value = criterionOf(loopProblem(), 'likelihood').evaluate(rewards, rewards.slice());
    expectClose([value], [Math.log(-Math.expm1(r))], 1e-8);
  },
);

test.each([1e-8, 0.001, 1, 50])(
  'createStationaryCriterion is −∞ where wandering for ever pays, r = %d',
  (r) => {
    const criterion = criterionOf(loopProblem(), 'likelihood');
    const surplus = new Float64Array(3);
    expect(criterion.evaluate(new Float64Array(3).fill(r), surplus)).toBe(Number.NEGATIVE_INFINITY);
    // and it recovers: the next reward is planned as if nothing had happened
    const after = criterion.evaluate(new Float64Array(3).fill(-1), surplus);
    expectClose([after], [Math.log(-Math.expm1(-1))], 1e-8);
  },
);
