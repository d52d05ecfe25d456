/** An update against its equations in double precision, and what it comes to in a tiny world. */

import { describe, expect, test } from 'vitest';
import { DiscreteSoftActorCritic } from '../../../src/learning/neural/discreteSoftActorCritic.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { doubleNetwork, slopes } from '../../support/doubleNetwork.ts';
import { everyStep, exactQ, randomBatch, rowOf, tinyWorld } from './randomBatch.ts';

const ROWS = 6;
const ALPHA = 0.4;

const softmax = (x: readonly number[]): number[] => {
  const all = x.reduce((sum, v) => sum + Math.exp(v), 0);
  return x.map((v) => Math.exp(v) / all);
};

describe('DiscreteSoftActorCritic', () => {
  test.each([
    ['uniform', Math.log(3)],
    ['one', 0],
  ] as const)(
    'losses and the gradient of the actor are those of the equations, prior %s',
    (prior, zero) => {
      const agent = new DiscreteSoftActorCritic(
        kernelEngine('plain'),
        { observationSize: 2, actionCount: 3 },
        { hidden: [4], batch: ROWS, rate: 0.05, temperature: ALPHA, discount: 0.9, prior },
        createRng(1, 'networks'),
      );
      for (let i = 0; i < 20; i++) agent.update(randomBatch(ROWS, 2, 3, i));
      const { arrays } = agent.state();
      const batch = randomBatch(ROWS, 2, 3, 50);
      const { shape } = agent.policy;
      const at = (name: string, row: readonly number[]): number[] =>
        doubleNetwork(shape, arrays[name], row);
      const least = (names: readonly [string, string], row: readonly number[]): number[] => {
        const [one, other] = names.map((name) => at(name, row));
        return one.map((q, a) => Math.min(q, other[a]));
      };
      const now = Array.from({ length: ROWS }, (_, i) => rowOf(batch.observation, i, 2));
      const actorAt = (theta: ArrayLike<number>): number =>
        now.reduce((sum, row) => {
          const q = least(['first', 'second'], row);
          const policy = softmax(doubleNetwork(shape, theta, row));
          return (
            sum + policy.reduce((all, p, a) => all + p * (ALPHA * Math.log(p) - q[a]), 0) / ROWS
          );
        }, 0);
      const criticOf = (name: string): number =>
        now.reduce((sum, row, i) => {
          const next = rowOf(batch.nextObservation, i, 2);
          const q = least(['first.target', 'second.target'], next);
          const worth = softmax(at('actor', next)).reduce(
            (all, p, a) => all + p * (q[a] - ALPHA * (Math.log(p) + zero)),
            0,
          );
          const y = batch.reward[i] + (batch.terminated[i] ? 0 : 0.9 * worth);
          const error = Math.abs(at(name, row)[batch.action[i]] - y);
          return sum + (error <= 1 ? error ** 2 / 2 : error - 0.5) / ROWS;
        }, 0);
      const wanted = slopes(actorAt, arrays.actor);
      const losses = agent.update(batch);
      expect(losses.actor).toBeCloseTo(actorAt(arrays.actor), 4);
      expect(losses.firstCritic).toBeCloseTo(criticOf('first'), 4);
      expect(losses.secondCritic).toBeCloseTo(criticOf('second'), 4);
      const largest = Math.max(...wanted.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      wanted.forEach((slope, i) => {
        expect(Math.abs(agent.policy.gradient[i] - slope) / largest).toBeLessThan(1e-4);
      });
    },
  );

  test('in a world that can be listed it comes to the soft-optimal policy', () => {
    const { states, actions } = tinyWorld;
    const tau = 0.3;
    const agent = new DiscreteSoftActorCritic(
      kernelEngine('kernels', 16),
      { observationSize: states, actionCount: actions },
      { hidden: [], batch: 9, rate: 0.01, smoothing: 0.1, discount: 0.8, temperature: tau },
      createRng(2, 'networks'),
    );
    const batch = everyStep(tinyWorld);
    for (let i = 0; i < 6_000; i++) agent.update(batch);
    const exact = exactQ(
      tinyWorld,
      0.8,
      (q) => tau * Math.log(q.reduce((sum, x) => sum + Math.exp(x / tau), 0) / q.length),
    );
    const pass = agent.policy.pass(states);
    for (let s = 0; s < states; s++) pass.inputs[s * states + s] = 1;
    const logits = pass.evaluate();
    for (let s = 0; s < states; s++) {
      const policy = softmax(exact[s].map((q) => q / tau));
      const learned = softmax(rowOf(logits, s, actions));
      policy.forEach((p, a) => {
        expect(Math.abs(learned[a] - p)).toBeLessThan(5e-3);
      });
    }
  });

  test('a tuned temperature brings the entropy to its target', () => {
    const agent = new DiscreteSoftActorCritic(
      kernelEngine('kernels', 16),
      { observationSize: 3, actionCount: 3 },
      { hidden: [], batch: 9, rate: 0.01, discount: 0.5, temperature: 'tuned', targetEntropy: 0.6 },
      createRng(4, 'networks'),
    );
    const batch = everyStep(tinyWorld);
    let entropy = 0;
    for (let i = 0; i < 6_000; i++) ({ entropy } = agent.update(batch));
    expect(entropy).toBeCloseTo(0.6, 1);
    expect(agent.temperature).toBeLessThan(1);
  });

  test('a loss that is not finite changes nothing', () => {
    const agent = new DiscreteSoftActorCritic(
      kernelEngine('kernels', 16),
      { observationSize: 2, actionCount: 3 },
      { hidden: [4], batch: ROWS },
      createRng(0, 'networks'),
    );
    const before = agent.state();
    const batch = randomBatch(ROWS, 2, 3);
    batch.reward[0] = Number.POSITIVE_INFINITY;
    expect(() => agent.update(batch)).toThrow(
      'Cannot update: the loss of the critics and the actor',
    );
    expect(agent.state()).toEqual(before);
  });
});
