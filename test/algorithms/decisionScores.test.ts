/** Scores against central differences of naive plans, and their sums against gradients. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { conditionalLogit } from '../../src/algorithms/conditionalLogit.ts';
import { createCriterion } from '../../src/algorithms/createCriterion.ts';
import { eachPlannedScore } from '../../src/algorithms/decisionScores.ts';
import { eachMomentScore } from '../../src/algorithms/momentScores.ts';
import type { Moments } from '../../src/planning/criterion.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import type { ValueGradients } from '../../src/planning/valueGradients.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { jacobianRows } from '../support/differences.ts';
import { naiveChosen } from '../support/naiveLikelihood.ts';

/** Differences carry the naive plan's 1e-14 over a step of 1e-3, and its discretisation. */
const TOLERANCE = 1e-8;

function rewardAt({ world, features }: DrawnProblem, theta: Float64Array): Float64Array {
  const reward = new Float64Array(world.mdp.pairCount);
  linearReward(world.mdp, features).evaluate(theta, reward);
  return reward;
}

/** Evaluates at θ; returns how values move there, and the gradient in θ. */
function planAt(
  problem: DrawnProblem,
  moments: Moments,
): { gradients: ValueGradients; gradient: Float64Array } {
  const { world, features, theta } = problem;
  const criterion = createCriterion(problem, moments);
  const surplus = new Float64Array(world.mdp.pairCount);
  criterion.evaluate(rewardAt(problem, theta), surplus);
  const gradient = new Float64Array(theta.length);
  linearReward(world.mdp, features).pullBack(theta, surplus, gradient);
  const gradients = criterion.valueGradients?.(features);
  if (!gradients) throw new TypeError('wanted gradients of values');
  return { gradients, gradient };
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('eachPlannedScore is how log π of each decision moves, and sums to the gradient', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories, time, theta } = problem;
        const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
        const { gradients, gradient } = planAt(problem, moments);
        const scores: number[][] = [];
        const sum = new Float64Array(theta.length);
        const rows: number[] = [];
        eachPlannedScore(problem, moments, gradients, (i, row, score) => {
          rows.push(row);
          scores.push([...score]);
          for (let k = 0; k < sum.length; k++) sum[k] += trajectories.weight[i] * score[k];
        });
        expectClose(sum, gradient, 1e-9);

        const chosen = naiveChosen(problem, rewardAt(problem, theta));
        expect(rows).toEqual(chosen.map(({ row }) => row));
        const differences = jacobianRows(
          (at) =>
            naiveChosen(problem, rewardAt(problem, at)).map(({ logProbability }) => logProbability),
          theta,
        );
        const byParameter = [...theta.keys()].flatMap((k) => scores.map((score) => score[k]));
        expectClose(byParameter, differences, TOLERANCE);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test('eachMomentScore sums to the gradient of the dual', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), fc.boolean(), (drawn, someStarts) => {
        const { world, goals, trajectories, time } = drawn;
        // A start distribution needs states that every goal can be reached from.
        const spread = someStarts && goals.length === 0;
        const initial = spread
          ? new Float64Array(world.mdp.stateCount).fill(1 / world.mdp.stateCount)
          : null;
        const problem: DrawnProblem = { ...drawn, initial };
        const moments = featureMatchingMoments(world.mdp, goals, trajectories, time, initial);
        const { gradients, gradient } = planAt(problem, moments);
        const sum = new Float64Array(gradient.length);
        eachMomentScore(problem, moments, gradients, (i, score) => {
          for (let k = 0; k < sum.length; k++) sum[k] += trajectories.weight[i] * score[k];
        });
        expectClose(sum, gradient, 1e-9);
      }),
      { seed: 2, numRuns: 15 },
    );
  });
});

test('a conditional logit leaves the information of causal entropy that does not look ahead', () => {
  fc.assert(
    fc.property(arbitraryProblem('discounted'), (drawn) => {
      const problem: DrawnProblem = { ...drawn, time: { kind: 'discounted', discount: 0 } };
      const logit = finish(conditionalLogit.fit(problem, { l2: 0.1 })).information;
      const entropy = finish(causalEntropy.fit(problem, { l2: 0.1 })).information;
      if (!logit?.decisionScores || !entropy?.decisionScores) throw new TypeError('no information');
      expect(logit.decisions).toBe(entropy.decisions);
      expect(logit.trajectories).toBe(entropy.trajectories);
      expectClose(logit.hessian, entropy.hessian, 1e-6);
      expectClose(logit.decisionScores, entropy.decisionScores, 1e-6);
      expectClose(logit.trajectoryScores, entropy.trajectoryScores, 1e-6);
    }),
    { seed: 3, numRuns: 15 },
  );
});
