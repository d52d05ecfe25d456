/** Goals a few at a time: the same objective on average, and the same answer for fewer plans. */

import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../../src/algorithms/algorithm.ts';
import { createCriterion } from '../../../src/algorithms/createCriterion.ts';
import { logLikelihoodOf } from '../../../src/algorithms/logLikelihoodAt.ts';
import { causalEntropyNetwork } from '../../../src/algorithms/network/causalEntropyNetwork.ts';
import { goalBatches, goalsOf } from '../../../src/algorithms/network/goalBatches.ts';
import { NetworkOptions } from '../../../src/algorithms/network/networkOptions.ts';
import { type NetworkLearner, networkPart } from '../../../src/algorithms/network/networkPart.ts';
import { parameterSpace } from '../../../src/algorithms/parameters.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { likelihoodMoments } from '../../../src/planning/moments.ts';
import { networkReward } from '../../../src/rewards/networkReward.ts';
import { bentRoads } from '../../support/bentRoads.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const { problem, others, reward: truth } = bentRoads(6, 120, 1200);

describe('goalBatches', () => {
  test('every trajectory is in one batch, with all others to its goal', () => {
    for (const size of [1, 7, 50, 1000]) {
      const batches = goalBatches(problem, size, createRng(0, 'test'));
      const goals = batches.map(goalsOf);
      expect(goals.flatMap((some) => [...some]).sort((a, b) => a - b)).toEqual([
        ...goalsOf(problem),
      ]);
      const lengths = goals.map((some) => some.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(size);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      expect(batches.flatMap(({ trajectories }) => trajectories.names).sort()).toEqual(
        [...problem.trajectories.names].sort(),
      );
    }
  });

  test('without goals there is nothing to part', () => {
    const aimless = gridProblem({ kind: 'discounted', discount: 0.9 }, 10);
    expect(() =>
      finish(causalEntropyNetwork.fit(aimless, { network: { goalsPerStep: 2 } })),
    ).toThrow(
      'Cannot take 2 goals at a time: the trajectories have no goals; leave goalsPerStep out',
    );
  });
});

test('the end of a descent in batches has the value and gradient of all goals together', () => {
  const engine = kernelEngine('plain');
  const { world, features } = problem;
  const learner = (settings: NetworkOptions): NetworkLearner => {
    const reward = networkReward(world.mdp, features, engine, [4]);
    return {
      reward,
      space: parameterSpace(world.mdp, features, 1, {}),
      pairCount: world.mdp.pairCount,
      penalties: { linear: 0.3, network: 2 },
      settings: NetworkOptions.parse(settings),
      seed: 1,
      tally: { plans: 0 },
      criterion: (part: Problem) =>
        createCriterion(
          part,
          likelihoodMoments(world.mdp, part.goals, part.trajectories, part.time),
        ),
    };
  };
  const batched = learner({ goalsPerStep: 7 });
  const start = new Float64Array(batched.reward.size).fill(0.05);
  start.set([-1.5, -0.3, -1.2, -3]);
  const end = (given: NetworkLearner) => {
    const next = networkPart(problem, given).minimize(start, 0, false, null).next();
    if (!next.done) throw new Error('an iteration that was not asked for');
    return next.value;
  };
  const all = end(learner({}));
  const mean = end(batched);
  // batches of 6 and of 7 goals
  const goals = goalsOf(problem).length;
  expect(goals % 7).not.toBe(0);
  expect(mean.value).toBeCloseTo(all.value, 10);
  mean.gradient.forEach((slope, i) => {
    expect(slope).toBeCloseTo(all.gradient[i], 8);
  });
  expect(batched.tally.plans).toBe(goals);
});

/** Log-likelihood of each trajectory. */
function byTrajectory(fit: Fit, trajectories: Trajectories): Float64Array {
  const sums = new Float64Array(trajectories.count);
  const trajectoryOf = new Int32Array(trajectories.state.length);
  for (let i = 0; i < trajectories.count; i++)
    trajectoryOf.fill(i, trajectories.rowStart[i], trajectories.rowStart[i + 1]);
  fit.predictChoices(trajectories, (row, logs, chosen) => {
    sums[trajectoryOf[row]] += logs[chosen];
  });
  return sums;
}

test('ends within sampling error of the fit to all goals at once, for fewer plans', () => {
  const fitOf = (network: NetworkOptions): Fit =>
    finish(causalEntropyNetwork.fit(problem, { network: { hidden: [8, 8], ...network } }));
  const all = fitOf({ patience: 8 });
  const some = fitOf({ goalsPerStep: 4, rate: 0.02, patience: 8 });
  const plans = [all, some].map(({ details }) => (details.network as { plans: number }).plans);
  expect(plans[1]).toBeLessThan(0.7 * plans[0]);
  // on trips that neither has seen
  const told = [all, some].map((fit) => byTrajectory(fit, others));
  const differences = told[1].map((x, i) => x - told[0][i]);
  const sum = differences.reduce((total, x) => total + x, 0);
  const error = Math.sqrt(differences.reduce((total, x) => total + x * x, 0));
  expect(Math.abs(sum)).toBeLessThan(2 * error);
  // and both know what the linear reward does not
  const best = logLikelihoodOf({ ...problem, trajectories: others }, truth) ?? 0;
  const linear = (all.details.network as { linearLogLikelihood: number }).linearLogLikelihood;
  for (const fit of [all, some]) {
    expect(fit.logLikelihood).toBeGreaterThan(linear + 80);
    expect(best - (fit.predict(others) ?? 0)).toBeLessThan(12);
  }
}, 60_000);
