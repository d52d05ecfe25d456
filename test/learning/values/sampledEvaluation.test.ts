/** The worth of a policy from episodes, against the exact one and against λ-returns. */

import { describe, expect, test } from 'vitest';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { randomWalk } from '../../../src/environments/tabular/textbookGrids.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import type { TabularTask } from '../../../src/environments/tabularTask.ts';
import { lambdaReturns } from '../../../src/learning/returns.ts';
import { rollout } from '../../../src/learning/rollout.ts';
import {
  type SampledEvaluationOptions,
  sampledEvaluation,
} from '../../../src/learning/values/sampledEvaluation.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy, uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { numbers } from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';

const simulatorOf = (task: TabularTask) => new TabularSimulator(task, createRng(7, 'outcomes'));

function evaluate(task: TabularTask, options: SampledEvaluationOptions, start?: Float64Array) {
  const policy = uniformPolicy(task.world.mdp);
  const steps = sampledEvaluation(simulatorOf(task), policy, options, start);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

const methods = [
  ['first-visit', 0],
  ['every-visit', 0],
  ['temporal-difference', 0],
  ['temporal-difference', 0.5],
  ['temporal-difference', 1],
] as const;

describe.each(methods)('%s, λ = %d', (method, lambda) => {
  // the longer the trace the noisier the target, the sooner steps must shrink
  const halfLife = lambda === 1 ? 2 : 10;
  const stepSize =
    method === 'temporal-difference'
      ? ({ kind: 'harmonic', from: 0.5, halfLife } as const)
      : undefined;
  const options = { method, lambda, ...(stepSize ? { stepSize } : {}) };

  test('sampledEvaluation finds the random walk worth 1/6 … 5/6', () => {
    const walk = randomWalk();
    const { value } = evaluate(walk, { ...options, discount: 1, episodes: 4000, maxSteps: 1000 });
    expectClose(value.subarray(1, 6), [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6], 0.03);
  });

  test('sampledEvaluation finds the exact worth of acting at random on ice', () => {
    const lake = frozenLake({ map: ['SFF', 'FFH', 'FFG'], timeLimit: 200 });
    const discount = 0.9;
    const exact = evaluatePolicy(lake.world.mdp, lake.reward, uniformPolicy(lake.world.mdp), {
      discount,
    });
    expectClose(evaluate(lake, { ...options, discount, episodes: 4000 }).value, exact, 0.03);
  });
});

test.each([0, 0.4, 1])('traces move values towards λ-returns, λ = %d', (lambda) => {
  // one episode, and a step so small that values stay as they were
  const stepSize = 1e-7;
  const walk = randomWalk();
  const policy = uniformPolicy(walk.world.mdp);
  const start = numbers(9, 7);
  const options = { discount: 0.9, lambda, episodes: 1, stepSize, maxSteps: 1000, seed: 5 };
  const { value, visits } = evaluate(walk, options, start);

  const seen = rollout(simulatorOf(walk), policy, {
    startRng: createRng(5, 'starts'),
    actionRng: createRng(5, 'actions'),
    maxSteps: 1000,
  });
  const { length, state, reward } = seen;
  expect(length).toBeGreaterThan(5);
  const discount = Float64Array.from({ length }, (_, t) => (t === length - 1 ? 0 : 0.9));
  const next = Float64Array.from({ length }, (_, t) => start[state[t + 1]]);
  const returns = new Float64Array(length);
  lambdaReturns(reward, discount, next, lambda, returns);
  const moved = new Float64Array(7);
  returns.forEach((g, t) => {
    moved[state[t]] += g - start[state[t]];
  });
  expectClose(
    value.map((v, s) => (v - start[s]) / stepSize),
    moved,
    1e-5,
  );
  expect(visits.reduce((sum, n) => sum + n, 0)).toBe(length);
});

test('an episode out of time is all there is to Monte Carlo, and not to TD', () => {
  // one state that pays 1 for ever, watched for 10 steps
  const task = frozenLake({ map: ['SG'], success: 1, timeLimit: 10 });
  const paying: TabularTask = {
    ...task,
    outcomes: { ...task.outcomes, reward: task.outcomes.reward.map(() => 1) },
  };
  const stay = Float64Array.of(1, 0, 0, 0);
  const worth = (method: 'every-visit' | 'temporal-difference'): number => {
    const options = { method, discount: 0.5, episodes: 200, stepSize: 0.1 } as const;
    const steps = sampledEvaluation(simulatorOf(paying), stay, options);
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value.value[0];
    }
  };
  expect(worth('temporal-difference')).toBeCloseTo(2, 6);
  expect(worth('every-visit')).toBeLessThan(1.9);
});
