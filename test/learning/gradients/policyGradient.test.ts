/** REINFORCE and actor-critic from episodes alone, against exact gradients and exact optima. */

import { describe, expect, test } from 'vitest';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { shortCorridor } from '../../../src/environments/tabular/shortCorridor.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import type { TabularTask } from '../../../src/environments/tabularTask.ts';
import {
  type LearnedPolicy,
  type PolicyGradientOptions,
  policyGradient,
} from '../../../src/learning/gradients/policyGradient.ts';
import { policyObjective } from '../../../src/learning/gradients/policyObjective.ts';
import { softmaxPolicy } from '../../../src/learning/gradients/softmaxPolicy.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { numbers } from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';

function learn(task: TabularTask, options: PolicyGradientOptions, start?: Float64Array) {
  const steps = policyGradient(
    new TabularSimulator(task, createRng(options.seed ?? 0, 'outcomes')),
    options,
    start,
  );
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** Slippery ice, so that not all is known from one episode. */
const pond = frozenLake({ map: ['SF', 'HG'], success: 0.7, timeLimit: 6 });
const worthOf = (task: TabularTask, { policy }: LearnedPolicy, discount = 1) =>
  policyObjective(task.world.mdp, task.reward, task.initial, policy, {
    horizon: task.timeLimit,
    discount,
  }).worth;

describe.each([
  ['whole-return', 'none'],
  ['whole-return', 'constant'],
  ['reward-to-go', 'none'],
  ['reward-to-go', 'state'],
  ['reward-to-go', 'state-time'],
] as const)('%s, baseline %s', (credit, baseline) => {
  test('policyGradient steps along the exact gradient on average', () => {
    const { mdp } = pond.world;
    const start = numbers(3, mdp.pairCount);
    // two updates, so that the baseline is in use, of a step that leaves the policy as it was
    const stepSize = 1e-6;
    const [discount, temperature, episodes] = [0.8, 0.2, 8000];
    const { theta } = learn(
      pond,
      { credit, baseline, stepSize, discount, temperature, episodes, updates: 2 },
      start,
    );
    const { gradient } = policyObjective(
      mdp,
      pond.reward,
      pond.initial,
      softmaxPolicy(mdp, start),
      { horizon: pond.timeLimit, discount, temperature },
    );
    const mean = theta.map((x, i) => (x - start[i]) / (2 * stepSize));
    // a component of one episode has a standard deviation below 1
    expectClose(mean, gradient, 4 / Math.sqrt(2 * episodes));
    expect(Math.max(...gradient)).toBeGreaterThan(0.06);
  });
});

test('policyGradient reaches the best that the time limit allows', () => {
  const corridor = { ...shortCorridor(), timeLimit: 20 };
  const learned = learn(corridor, { updates: 150, stepSize: 0.5 });
  expect(worthOf(corridor, learned)).toBeGreaterThan(-3.1);
});

test('policyGradient with a critic reaches it too, and finds the way over dry ice', () => {
  const ice = frozenLake({ success: 1, timeLimit: 30 });
  const options = { credit: 'advantage', discount: 0.95, temperature: 0.01 } as const;
  const learned = learn(ice, { ...options, updates: 400, stepSize: 5, discountVisits: false });
  expect(worthOf(ice, learned)).toBeGreaterThan(0.9);
});

test('policyGradient with a price of entropy tends to the soft-optimal policy', () => {
  const [discount, temperature] = [0.5, 0.5];
  const endless = { ...pond, timeLimit: 30 };
  const { mdp } = endless.world;
  const { policy } = learn(endless, {
    discount,
    temperature,
    updates: 1500,
    episodes: 20,
    stepSize: 0.5,
    baseline: 'state',
  });
  const soft = softValueIteration(mdp, endless.reward, { discount, temperature });
  // the corner beyond is visited least; noise of the last steps remains
  expectClose(policy, soft.policy, 0.06);
});

test('policyGradient repeats itself bit for bit, and needs an end to episodes', () => {
  const options = { updates: 5, episodes: 3, seed: 'again' };
  expect(learn(pond, options).theta).toEqual(learn(pond, options).theta);
  expect(learn(pond, options).theta).not.toEqual(learn(pond, { ...options, seed: 1 }).theta);
  expect(() => learn({ ...pond, timeLimit: Infinity }, options)).toThrow('give maxSteps');
});
