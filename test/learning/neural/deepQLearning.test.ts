/** An update against its equation in double precision, and the fixed point against sweeps. */

import { describe, expect, test } from 'vitest';
import { DeepQLearning, type DeepQOptions } from '../../../src/learning/neural/deepQLearning.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { doubleNetwork, slopes } from '../../support/doubleNetwork.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';
import { everyStep, exactQ, randomBatch, rowOf, tinyWorld } from './randomBatch.ts';

const sizes = { observationSize: 3, actionCount: 4 };
const ROWS = 7;
const DISCOUNT = 0.9;

const logMeanExp = (q: readonly number[], tau: number): number =>
  tau * Math.log(q.reduce((sum, x) => sum + Math.exp(x / tau), 0) / q.length);

/** W(s′), from Q and its target there. */
type Worth = (q: readonly number[], target: readonly number[]) => number;

const kinds: Record<string, { readonly options: DeepQOptions; readonly worth: Worth }> = {
  'double, Huber': { options: {}, worth: (q, target) => target[q.indexOf(Math.max(...q))] },
  'single, squared': {
    options: { double: false, loss: 'squared' },
    worth: (_, target) => Math.max(...target),
  },
  'soft, relative to uniform': {
    options: { temperature: 0.7 },
    worth: (_, target) => logMeanExp(target, 0.7),
  },
  'soft, in nats': {
    options: { temperature: 0.7, prior: 'one' },
    worth: (_, target) => logMeanExp(target, 0.7) + 0.7 * Math.log(4),
  },
};

describe.each(await loadableEngines())('engine %s', (_, engine) => {
  test.each(Object.entries(kinds))(
    'loss and gradient of %s are those of its equation',
    (_name, kind) => {
      const learner = new DeepQLearning(
        engine,
        sizes,
        // Adam's first steps are as long as its rate, so Q and its target soon differ.
        {
          hidden: [5],
          batch: ROWS,
          rate: 0.05,
          discount: DISCOUNT,
          clipNorm: 1e9,
          ...kind.options,
        },
        createRng(1, 'networks'),
      );
      for (let i = 0; i < 20; i++) learner.update(randomBatch(ROWS, 3, 4, i));
      const { q, 'q.target': target } = learner.state().arrays;
      const batch = randomBatch(ROWS, 3, 4, 99);
      const { shape } = learner.policy;
      const y = Array.from({ length: ROWS }, (_, i) => {
        const next = rowOf(batch.nextObservation, i, 3);
        const worth = kind.worth(doubleNetwork(shape, q, next), doubleNetwork(shape, target, next));
        return batch.reward[i] + (batch.terminated[i] ? 0 : DISCOUNT * worth);
      });
      const lossAt = (theta: ArrayLike<number>): number =>
        y.reduce((sum, goal, i) => {
          const row = doubleNetwork(shape, theta, rowOf(batch.observation, i, 3));
          const error = Math.abs(row[batch.action[i]] - goal);
          const squared = kind.options.loss === 'squared' || error <= 1;
          return sum + (squared ? error ** 2 / 2 : error - 0.5) / ROWS;
        }, 0);
      const wanted = slopes(lossAt, q);
      expect(learner.update(batch).loss).toBeCloseTo(lossAt(q), 4);
      const largest = Math.max(...wanted.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      wanted.forEach((slope, i) => {
        expect(Math.abs(learner.policy.gradient[i] - slope) / largest).toBeLessThan(2e-4);
      });
      engine.release();
    },
  );
});

describe('DeepQLearning', () => {
  test.each([
    ['greedy', {}, (q: readonly number[]) => Math.max(...q)],
    ['soft', { temperature: 0.3 }, (q: readonly number[]) => logMeanExp(q, 0.3)],
    [
      'soft in nats',
      { temperature: 0.3, prior: 'one' },
      (q: readonly number[]) => logMeanExp(q, 0.3) + 0.3 * Math.log(3),
    ],
  ] as const)('%s on a world that can be listed comes to its fixed point', (_, options, worth) => {
    const { states, actions } = tinyWorld;
    const learner = new DeepQLearning(
      kernelEngine('kernels', 16),
      { observationSize: states, actionCount: actions },
      { hidden: [], batch: 9, rate: 0.01, smoothing: 0.1, discount: 0.8, ...options },
      createRng(2, 'networks'),
    );
    const batch = everyStep(tinyWorld);
    for (let i = 0; i < 4_000; i++) learner.update(batch);
    const exact = exactQ(tinyWorld, 0.8, worth);
    const pass = learner.policy.pass(states);
    for (let s = 0; s < states; s++) pass.inputs[s * states + s] = 1;
    const learned = pass.evaluate();
    exact.flat().forEach((value, i) => {
      expect(Math.abs(learned[i] - value)).toBeLessThan(1e-3);
    });
    const action = new Float64Array(1);
    for (let s = 0; s < states; s++) {
      const seen = [0, 0, 0].map((_, i) => (i === s ? 1 : 0));
      learner.act(seen, null, action);
      expect(action[0]).toBe(exact[s].indexOf(Math.max(...exact[s])));
    }
  });

  test('with temperature actions are drawn by exp(Q / τ)', () => {
    const learner = new DeepQLearning(
      kernelEngine('plain'),
      { observationSize: 1, actionCount: 3 },
      { hidden: [], temperature: 0.5 },
      createRng(0, 'networks'),
    );
    learner.policy.parameters.set([0, 0, 0, 0.2, 0.9, -0.4]);
    learner.policy.changed();
    const weights = [0.2, 0.9, -0.4].map((q) => Math.exp(q / 0.5));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const rng = createRng(3, 'actions');
    const DRAWS = 20_000;
    const counts = [0, 0, 0];
    const action = new Float64Array(1);
    for (let i = 0; i < DRAWS; i++) {
      learner.act([0], rng, action);
      counts[action[0]]++;
    }
    weights.forEach((w, a) => {
      const p = w / total;
      // four standard errors
      expect(Math.abs(counts[a] / DRAWS - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / DRAWS));
    });
  });

  test('batches of another shape, and losses that are not finite, are refused and change nothing', () => {
    const learner = new DeepQLearning(
      kernelEngine('kernels', 16),
      sizes,
      { hidden: [4], batch: ROWS },
      createRng(0, 'networks'),
    );
    expect(() => learner.update(randomBatch(5, 3, 4))).toThrow(
      'Cannot update: wanted a batch of 7, got 5',
    );
    expect(() => learner.update(randomBatch(ROWS, 2, 4))).toThrow(
      'Cannot update: wanted observations of 3 numbers, got 2',
    );
    expect(() => learner.act([1, 2], null, new Float64Array(1))).toThrow(
      'Cannot act: wanted an observation of 3 numbers, got 2',
    );
    const before = learner.state();
    const batch = randomBatch(ROWS, 3, 4);
    batch.reward[2] = Number.NaN;
    expect(() => learner.update(batch)).toThrow('Cannot update: the loss of Q is NaN');
    expect(learner.state()).toEqual(before);
  });
});
