/** Fitted Q against sweeps in a world that can be listed, and what a log must be. */

import { expect, test } from 'vitest';
import {
  type NeuralFittedQ,
  type NeuralFittedQOptions,
  neuralFittedQ,
} from '../../../src/learning/neural/neuralFittedQ.ts';
import {
  type TransitionBatch,
  transitionBatch,
} from '../../../src/learning/neural/transitionBuffer.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { everyStep, exactQ, tinyWorld } from './randomBatch.ts';

const { states, actions } = tinyWorld;

function fittedTo(log: TransitionBatch, options: NeuralFittedQOptions = {}): NeuralFittedQ {
  const fitting = neuralFittedQ(kernelEngine('kernels', 16), log, actions, options);
  for (;;) {
    const next = fitting.next();
    if (next.done) return next.value;
    expect(next.value.misfit).toBeGreaterThanOrEqual(0);
  }
}

const discount = 0.8;
const tau = 0.3;

test.each([
  ['greedy', {}, (q: readonly number[]) => Math.max(...q)],
  [
    'soft',
    { temperature: tau },
    (q: readonly number[]) =>
      tau * Math.log(q.reduce((sum, x) => sum + Math.exp(x / tau), 0) / q.length),
  ],
] as const)('%s: on every step of a world it comes to its fixed point', (_, options, worth) => {
  const log = everyStep(tinyWorld);
  const { network, bellmanError } = fittedTo(log, {
    hidden: [],
    batch: 32,
    rate: 0.003,
    discount,
    iterations: 120,
    updates: 100,
    ...options,
  });
  const pass = network.pass(states);
  for (let s = 0; s < states; s++) pass.inputs[s * states + s] = 1;
  const learned = pass.evaluate();
  exactQ(tinyWorld, discount, worth)
    .flat()
    .forEach((value, i) => {
      // Adam goes on moving by about its rate.
      expect(Math.abs(learned[i] - value)).toBeLessThan(1.5e-2);
    });
  expect(bellmanError).toBeLessThan(1e-4);
});

test('a log longer than what is evaluated at once is read to its last step', () => {
  const rows = 513;
  const log = transitionBatch(rows, { observationSize: states, actionSize: 1 });
  // 512 steps that pay nothing in state 0, and the last that pays in state 1.
  for (let i = 0; i < rows; i++) {
    log.observation[i * states + (i < 512 ? 0 : 1)] = 1;
    log.terminated[i] = 1;
  }
  log.reward[512] = 900;
  const { bellmanError } = fittedTo(log, { iterations: 1, updates: 1, rate: 1e-6 });
  expect(bellmanError / (900 ** 2 / rows)).toBeCloseTo(1, 2);
});

test('one seed gives the same bits', () => {
  const [one, same, other] = [1, 1, 2].map((seed) =>
    fittedTo(everyStep(tinyWorld), { iterations: 3, updates: 20, seed }).network.parameters.slice(),
  );
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test('logs that are none are refused', () => {
  const none = transitionBatch(0, { observationSize: 3, actionSize: 1 });
  expect(() => fittedTo(none)).toThrow('Cannot fit values: the log has no steps');
  const strange = everyStep(tinyWorld);
  strange.action[4] = 3;
  expect(() => fittedTo(strange)).toThrow(
    'Cannot fit values: the action of step 4 must be one of 0 … 2, got 3',
  );
  const broken = everyStep(tinyWorld);
  broken.reward[2] = Number.NaN;
  expect(() => fittedTo(broken)).toThrow(
    'Cannot fit values: step 2 of the log has numbers that are not finite (reward NaN)',
  );
});
