/** Counted dynamics against counts by hand, posterior means by quadrature, and the world that was counted. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { tabularTask } from '../../../src/environments/tabularTask.ts';
import {
  type CountedDynamicsOptions,
  countedDynamics,
} from '../../../src/learning/models/countedDynamics.ts';
import { type Rollout, rollout } from '../../../src/learning/rollout.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy, uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';

/** Two states with two actions each, and an end. */
const { world } = tabularTask({
  stateNames: ['here', 'there', 'end'],
  actionNames: ['a', 'b'],
  actionsOf: (s) => (s === 2 ? [] : [0, 1]),
  outcomes: () => [{ to: 2, probability: 1, reward: 0 }],
  initial: 0,
});

/** Five times pair 0: to 0, to 1 three times, to 2. */
const episodes: Rollout[] = [
  { length: 3, state: [0, 0, 1, 1], pair: [0, 0, 2], reward: [1, 2, 5], terminated: false },
  { length: 1, state: [0, 1], pair: [0], reward: [4], terminated: false },
  { length: 1, state: [0, 1], pair: [0], reward: [0], terminated: false },
  { length: 1, state: [0, 2], pair: [0], reward: [-1], terminated: true },
];

/** Probabilities of pair 0, [states]. */
function firstRow(options: CountedDynamicsOptions): number[] {
  const { mdp } = countedDynamics(world, episodes, options).task.world;
  const row = [0, 0, 0];
  for (let k = 0; k < mdp.transitionStart[1]; k++) row[mdp.nextState[k]] = mdp.probability[k];
  return row;
}

test('countedDynamics are shares of what was seen, and rewards their means', () => {
  const { task, visits, unseen } = countedDynamics(world, episodes);
  expect(firstRow({})).toEqual([1 / 5, 3 / 5, 1 / 5]);
  expect([...visits]).toEqual([5, 0, 1, 0]);
  expect(unseen).toEqual([1, 3]);
  expect([...task.initial]).toEqual([1, 0, 0]);
  // 1 to the same state, 2, 4 and 0 on the way there, −1 at the end
  expect(task.reward[0]).toBeCloseTo((1 + 2 + 4 + 0 - 1) / 5, 14);
  expect(task.reward[2]).toBe(5);
  expect(task.world.mdp.pairStart[3]).toBe(task.world.mdp.pairStart[2]);
});

test('smoothed dynamics are the mean of the posterior, by quadrature', () => {
  const counts = [1, 3, 1];
  const alpha = 1.5;
  const steps = 400;
  const total = [0, 0, 0];
  let mass = 0;
  for (let i = 0; i < steps; i++)
    for (let j = 0; i + j < steps; j++) {
      const p = [(i + 1 / 3) / steps, (j + 1 / 3) / steps];
      const all = [p[0], p[1], 1 - p[0] - p[1]];
      const density = all.reduce((product, x, k) => product * x ** (counts[k] + alpha - 1), 1);
      mass += density;
      for (let k = 0; k < 3; k++) total[k] += density * all[k];
    }
  const smoothed = firstRow({ smoothing: alpha });
  smoothed.forEach((p, k) => {
    expect(p).toBeCloseTo(total[k] / mass, 3);
  });
  // unseen successors have weight only where all states are thought possible
  const { mdp } = countedDynamics(world, episodes, { smoothing: 1, successors: 'all' }).task.world;
  const own = mdp.probability.subarray(mdp.transitionStart[2], mdp.transitionStart[3]);
  expect([...own]).toEqual([1 / 4, 2 / 4, 1 / 4]);
});

describe('a pair that was never tried', () => {
  const discount = 0.9;
  const planFor = (unseen: CountedDynamicsOptions['unseen']) => {
    const { task } = countedDynamics(world, episodes, { unseen });
    return valueIteration(task.world.mdp, task.reward, { discount });
  };

  test('stays for nothing, leads anywhere, or draws like the best of all', () => {
    const stay = planFor('stay');
    expect(stay.actionValue[1]).toBeCloseTo(discount * stay.value[0], 9);
    const uniform = planFor('uniform');
    const mean = (uniform.value[0] + uniform.value[1] + uniform.value[2]) / 3;
    expect(uniform.actionValue[1]).toBeCloseTo(discount * mean, 9);
    const optimistic = planFor('optimistic');
    expect(optimistic.value[0]).toBeCloseTo(5 / (1 - discount), 7);
    expect(optimistic.greedy[0]).toBe(1);
  });

  test('is named where one wants none', () => {
    expect(() => planFor('refuse')).toThrow(
      '2 of 4 pairs were never tried, the first is "b" in state "here"',
    );
  });
});

test('more steps of chance make a better plan, and in the end the best', () => {
  const lake = frozenLake();
  const { mdp } = lake.world;
  const discount = 0.99;
  const best = valueIteration(mdp, lake.reward, { discount }).value[0];
  const shareAfter = (count: number): number => {
    const simulator = new TabularSimulator(lake, createRng(2, 'outcomes'));
    const rngs = { startRng: createRng(2, 'starts'), actionRng: createRng(2, 'actions') };
    const seen: Rollout[] = [];
    for (let steps = 0; steps < count; ) {
      const episode = rollout(simulator, uniformPolicy(mdp), { ...rngs, maxSteps: count - steps });
      seen.push(episode);
      steps += episode.length;
    }
    const { task } = countedDynamics(lake.world, seen);
    const { greedy } = valueIteration(task.world.mdp, task.reward, { discount });
    const policy = new Float64Array(mdp.pairCount);
    for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
    return evaluatePolicy(mdp, lake.reward, policy, { discount })[0] / best;
  };
  expect(shareAfter(100_000)).toBeGreaterThan(0.95);
  expect(shareAfter(50)).toBeLessThan(0.5);
});

test('the model of a model that was counted completely is itself', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }), (next) => {
      const seen = next.map(
        (to): Rollout => ({
          length: 1,
          state: [0, to],
          pair: [0],
          reward: [to],
          terminated: to === 2,
        }),
      );
      const { task, visits } = countedDynamics(world, seen);
      const { mdp } = task.world;
      expect(visits[0]).toBe(next.length);
      for (let k = 0; k < mdp.transitionStart[1]; k++)
        expect(mdp.probability[k]).toBeCloseTo(
          next.filter((to) => to === mdp.nextState[k]).length / next.length,
          14,
        );
      const sum = mdp.probability.subarray(0, mdp.transitionStart[1]).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 14);
    }),
  );
});

test('episodes of another world are refused', () => {
  const one = { ...episodes[1] };
  expect(() => countedDynamics(world, [])).toThrow('no episodes');
  expect(() => countedDynamics(world, [{ ...one, state: [0, 3] }])).toThrow('one of 0 … 2, got 3');
  expect(() => countedDynamics(world, [{ ...one, pair: [2] }])).toThrow('one of state 0, got 2');
  expect(() => countedDynamics(world, episodes, { smoothing: -1 })).toThrow('smoothing');
});
