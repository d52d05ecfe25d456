/** What methods expect choice by choice, against what they expect of all together. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../src/algorithms/algorithm.ts';
import { behaviorCloning, behaviorCloningPerGoal } from '../../src/algorithms/behaviorCloning.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { conditionalLogit } from '../../src/algorithms/conditionalLogit.ts';
import { plannedChoices } from '../../src/algorithms/plannedChoices.ts';
import { decisionsPerTrajectory } from '../../src/algorithms/problem.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { naiveChoices } from '../support/naiveLikelihood.ts';

interface ToldChoice {
  readonly logs: readonly number[];
  readonly chosen: number;
}

/** What is told of each row; fails where a row is told twice. */
function byRow(tell: Fit['predictChoices'], { trajectories }: DrawnProblem) {
  const told = new Map<number, ToldChoice>();
  const complete = tell(trajectories, (row, logs, chosen) => {
    if (told.has(row)) throw new Error(`row ${row} is told twice`);
    told.set(row, { logs: [...logs], chosen });
  });
  return { told, complete };
}

/** Σ w log π(chosen). */
function sumOf({ trajectories }: DrawnProblem, told: ReadonlyMap<number, ToldChoice>): number {
  let sum = 0;
  for (let i = 0; i < trajectories.count; i++)
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const choice = told.get(row);
      if (choice) sum += trajectories.weight[i] * choice.logs[choice.chosen];
    }
  return sum;
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test.each([causalEntropy, behaviorCloning, behaviorCloningPerGoal, conditionalLogit])(
    '$name tells of every decision shares that sum to 1, and of all of them its prediction',
    (algorithm) => {
      fc.assert(
        fc.property(arbitraryProblem(kind), (problem) => {
          const fix = Object.fromEntries(
            problem.features.names.map((name, k) => [name, problem.theta[k]]),
          );
          const fit = finish(algorithm.fit(problem, { fix }));
          const { told, complete } = byRow(fit.predictChoices, problem);
          expect(complete).toBe(true);
          expect(told.size).toBe(decisionsPerTrajectory(problem).reduce((a, b) => a + b, 0));
          for (const { logs } of told.values())
            expectClose([logs.reduce((sum, l) => sum + Math.exp(l), 0)], [1], 1e-12);
          const predicted = fit.predict(problem.trajectories) ?? Number.NaN;
          expectClose([sumOf(problem, told)], [predicted], 1e-8);
        }),
        { seed: 1, numRuns: 12 },
      );
    },
  );

  test('plannedChoices agrees with soft Bellman sweeps, choice by choice', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const reward = new Float64Array(problem.world.mdp.pairCount);
        linearReward(problem.world.mdp, problem.features).evaluate(problem.theta, reward);
        const { told } = byRow((_, visit) => plannedChoices(problem, reward, visit), problem);
        const rows = [...told.keys()].sort((a, b) => a - b);
        const wanted = naiveChoices(problem, reward);
        expect(rows.length).toBe(wanted.length);
        rows.forEach((row, d) => {
          const possible = told.get(row)?.logs.filter((l) => l > Number.NEGATIVE_INFINITY) ?? [];
          expectClose(possible.map(Math.exp), wanted[d].logProbabilities.map(Math.exp), 1e-7);
        });
      }),
      { seed: 2, numRuns: 15 },
    );
  });
});
