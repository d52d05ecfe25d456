/** Policy gradients against enumeration by an independent program, finite differences and draws. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { tabularTask } from '../../../src/environments/tabularTask.ts';
import { estimatorMoments } from '../../../src/learning/gradients/estimatorMoments.ts';
import {
  gradientEstimators,
  rolloutGradient,
  stepWeights,
} from '../../../src/learning/gradients/gradientEstimators.ts';
import { policyObjective } from '../../../src/learning/gradients/policyObjective.ts';
import { scoreGradient, softmaxPolicy } from '../../../src/learning/gradients/softmaxPolicy.ts';
import { rollout } from '../../../src/learning/rollout.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { arbitraryTask, distribution, mdpOfMatrices, numbers } from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';
import { jacobianRows } from '../../support/differences.ts';
import { expectReference, flatten, type Nested, readReference } from '../../support/references.ts';

interface Moments {
  readonly mean: Nested;
  readonly variancePerParam: Nested;
  readonly totalVariance: number;
}

const { policyGradient: stored } = readReference<{
  readonly policyGradient: {
    readonly T: number;
    readonly P: number[][][];
    readonly r: Nested;
    readonly p0: number[];
    readonly theta: Nested;
    readonly policy: Nested;
    readonly J: number;
    readonly gradJ_FD: Nested;
    readonly V: Nested;
    readonly Q: Nested;
    readonly nTrajectories: number;
    readonly estimators: Record<string, Moments>;
    readonly soft: {
      readonly alpha: number;
      readonly J: number;
      readonly gradJ_FD: Nested;
      readonly enumerated: Nested;
    };
  };
}>('pg_td_fqi_tanh_svgd');

/** Their names of the rungs. */
const THEIRS = {
  'whole-return': 'total',
  'constant-baseline': 'totalBaseline',
  'reward-to-go': 'rtg',
  'state-baseline': 'rtgV',
  'state-time-baseline': 'rtgVt',
  'action-value': 'actorCriticQ',
  advantage: 'advantage',
} as const;

const mdp = mdpOfMatrices(stored.P);
const reward = Float64Array.from(flatten(stored.r));
const initial = Float64Array.from(stored.p0);
const policy = softmaxPolicy(mdp, Float64Array.from(flatten(stored.theta)));
const horizon = stored.T;
const exact = policyObjective(mdp, reward, initial, policy, { horizon });

describe('the reference', () => {
  test('policyObjective has its policy, values and gradient', () => {
    expectReference(policy, stored.policy);
    expectReference([exact.worth], stored.J);
    expectReference(exact.value.subarray(0, horizon * mdp.stateCount), stored.V);
    expectReference(exact.actionValue, stored.Q);
    expectReference(exact.gradient, stored.estimators.advantage.mean);
    expectReference(exact.gradient, stored.gradJ_FD);
  });

  test.each(gradientEstimators)('estimatorMoments of %s are its mean and variance', (estimator) => {
    const theirs = stored.estimators[THEIRS[estimator]];
    const ours = estimatorMoments(mdp, reward, initial, exact, estimator);
    expect(ours.trajectoryCount).toBe(stored.nTrajectories);
    expectReference(ours.mean, theirs.mean);
    expectReference(ours.variance, theirs.variancePerParam);
    expectReference([ours.totalVariance], theirs.totalVariance);
  });

  test('policyObjective and all estimators have its soft gradient', () => {
    const { alpha: temperature } = stored.soft;
    const soft = policyObjective(mdp, reward, initial, policy, { horizon, temperature });
    expectReference([soft.worth], stored.soft.J);
    expectReference(soft.gradient, stored.soft.enumerated);
    expectReference(soft.gradient, stored.soft.gradJ_FD);
    for (const estimator of gradientEstimators)
      expectReference(
        estimatorMoments(mdp, reward, initial, soft, estimator).mean,
        stored.soft.enumerated,
      );
  });
});

test('policyObjective has the gradient of its worth, and estimators are unbiased', () => {
  const shape = { mostStates: 3, terminals: true };
  fc.assert(
    fc.property(arbitraryTask(shape, [0.6, 1]), fc.constantFrom(0, 0.7), (task, temperature) => {
      const { mdp, reward, discount, seed } = task;
      const initial = distribution(seed, mdp.stateCount);
      const theta = numbers(seed + 1, mdp.pairCount);
      const at = (x: Float64Array) =>
        policyObjective(mdp, reward, initial, softmaxPolicy(mdp, x), {
          horizon: 3,
          discount,
          temperature,
        });
      const objective = at(theta);
      expectClose(
        objective.gradient,
        jacobianRows((x) => [at(x).worth], theta),
        1e-9,
      );
      for (const estimator of gradientEstimators)
        expectClose(
          estimatorMoments(mdp, reward, initial, objective, estimator).mean,
          objective.gradient,
          1e-10,
        );
    }),
    { seed: 3, numRuns: 25 },
  );
});

test('a weight of 1 makes the gradient of the likelihood, 0 where one watches oneself', () => {
  const own = estimatorMoments(mdp, reward, initial, exact, 'likelihood');
  expectClose(own.mean, new Float64Array(mdp.pairCount), 1e-12);

  const theta = numbers(5, mdp.pairCount);
  const expert = { length: 4, state: [0, 2, 1, 1], pair: [1, 4, 3, 3], reward: [0, 0, 0, 0] };
  const gradient = new Float64Array(mdp.pairCount);
  const episode = { ...expert, terminated: false };
  const learner = softmaxPolicy(mdp, theta);
  const weight = new Float64Array(4);
  stepWeights('likelihood', mdp, exact, episode, weight);
  rolloutGradient(mdp, learner, episode, weight, gradient);
  const logLikelihood = (x: Float64Array): number[] => {
    const p = softmaxPolicy(mdp, x);
    return [expert.pair.reduce((sum, pair) => sum + Math.log(p[pair]), 0)];
  };
  expectClose(gradient, jacobianRows(logLikelihood, theta), 1e-9);

  const counts = Float64Array.of(0, 1, 0, 2, 1, 0);
  const byCounts = new Float64Array(mdp.pairCount);
  scoreGradient(mdp, learner, counts, byCounts);
  expectClose(byCounts, gradient, 1e-15);
});

test.each(['reward-to-go', 'advantage'] as const)(
  'rollouts in a simulator have the mean and the variance of %s',
  (estimator) => {
    const names = ['0', '1', '2'];
    const task = tabularTask({
      stateNames: names,
      actionNames: ['a', 'b'],
      outcomes: (s, a) =>
        stored.P[s][a].map((probability, to) => ({
          to,
          probability,
          reward: reward[s * 2 + a],
        })),
      initial,
      timeLimit: horizon,
    });
    const simulator = new TabularSimulator(task, createRng(1, 'outcomes'));
    const rngs = { startRng: createRng(1, 'starts'), actionRng: createRng(1, 'actions') };
    const { mean, variance } = estimatorMoments(mdp, reward, initial, exact, estimator);
    const [sum, square] = [new Float64Array(6), new Float64Array(6)];
    const [gradient, weight] = [new Float64Array(6), new Float64Array(horizon)];
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const episode = rollout(simulator, policy, rngs);
      stepWeights(estimator, mdp, exact, episode, weight);
      rolloutGradient(mdp, policy, episode, weight, gradient);
      gradient.forEach((g, k) => {
        sum[k] += g / draws;
        square[k] += g ** 2 / draws;
      });
    }
    mean.forEach((m, k) => {
      const error = Math.sqrt(variance[k] / draws);
      expect(Math.abs(sum[k] - m)).toBeLessThan(4 * error);
      expect((square[k] - sum[k] ** 2) / variance[k]).toBeGreaterThan(0.93);
      expect((square[k] - sum[k] ** 2) / variance[k]).toBeLessThan(1.07);
    });
  },
);

test('wrong lengths and too many trajectories are refused', () => {
  expect(() => softmaxPolicy(mdp, new Float64Array(5))).toThrow('must have 6 entries');
  expect(() => policyObjective(mdp, reward.slice(1), initial, policy, { horizon })).toThrow(
    'reward must have 6 entries, got 5',
  );
  const long = policyObjective(mdp, reward, initial, policy, { horizon: 9 });
  expect(() => estimatorMoments(mdp, reward, initial, long, 'advantage')).toThrow(
    'must be at most 2000000 trajectories, got 10077696',
  );
});
