/** Linear dynamics against systems whose equations are known, and central differences of the loss. */

import { expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import { linearDynamics } from '../../../src/learning/models/linearDynamics.ts';
import {
  randomTransitions,
  type SeenTransition,
} from '../../../src/learning/models/seenTransitions.ts';
import { modelOfSimulator } from '../../../src/learning/models/stepModel.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';
import { expectClose } from '../../support/closeness.ts';

const rngs = (seed: number) => ({
  startRng: createRng(seed, 'starts'),
  actionRng: createRng(seed, 'actions'),
});
const box = { kind: 'box', low: Float64Array.of(-1), high: Float64Array.of(1) } as const;

/** s′ = s + B [s; a; 1] + noise, with reward 2 s₀ − a + 3. */
function drawn(count: number, noise: readonly number[]): SeenTransition<Float64Array>[] {
  const rng = createRng(5, 'drawn');
  return Array.from({ length: count }, () => {
    const state = [4 * rng() - 2, 4 * rng() - 2];
    const action = Float64Array.of(2 * rng() - 1);
    const [z, w] = [standardNormal(rng), standardNormal(rng)];
    const next = [
      state[0] + 0.1 * state[1] - 0.2 + noise[0] * z,
      0.9 * state[1] + 0.5 * action[0] + noise[1] * z + noise[2] * w,
    ];
    return { state, action, reward: 2 * state[0] - action[0] + 3, next, terminated: false };
  });
}

test('linearDynamics finds the equations of a linear world, its reward included', () => {
  const seen = drawn(200, [0, 0, 0]);
  const { weights, rewardWeights, covariance, model } = linearDynamics(
    seen,
    { actions: box },
    { ridge: 0 },
  );
  expectClose(weights, [0, 0, 0.1, -0.1, 0, 0.5, -0.2, 0], 1e-10);
  expectClose(rewardWeights ?? [], [2, 0, -1, 3], 1e-10);
  expectClose(covariance, [0, 0, 0, 0], 1e-18);
  const state = Float64Array.of(1, -1);
  const imagined = model();
  expect(imagined.step(state, Float64Array.of(0.5))).toBeCloseTo(4.5, 9);
  expectClose(state, [0.7, -0.65], 1e-9);
  expect(imagined.terminated).toBe(false);
});

test('linearDynamics finds how much is noise, and draws as much', () => {
  const seen = drawn(20_000, [0.3, 0.1, 0.2]);
  const wanted = [0.09, 0.03, 0.03, 0.05];
  const { covariance, weights, model } = linearDynamics(seen, { actions: box });
  // standard error of a variance: σ² √(2 / n) < 0.001
  expectClose(covariance, wanted, 0.004);
  expectClose(weights, [0, 0, 0.1, -0.1, 0, 0.5, -0.2, 0], 0.015);
  const noisy = model(createRng(1, 'noise'));
  const products = [0, 0, 0, 0];
  const state = new Float64Array(2);
  const expected = new Float64Array(2);
  for (let i = 0; i < 20_000; i++) {
    noisy.step(state.fill(0), Float64Array.of(0));
    model().step(expected.fill(0), Float64Array.of(0));
    for (let j = 0; j < 4; j++)
      products[j] +=
        ((state[j >> 1] - expected[j >> 1]) * (state[j & 1] - expected[j & 1])) / 20_000;
  }
  expectClose(products, wanted, 0.004);
});

test('linearDynamics minimise the penalised squares, by central differences', () => {
  const seen = drawn(30, [0.3, 0.1, 0.2]);
  const ridge = 2;
  const { weights } = linearDynamics(seen, { actions: box }, { ridge });
  const loss = (w: Float64Array): number => {
    let sum = ridge * w.reduce((total, x) => total + x * x, 0);
    for (const { state, action, next } of seen)
      for (let j = 0; j < 2; j++) {
        const row = [state[0], state[1], action[0], 1];
        sum += (next[j] - state[j] - row.reduce((dot, x, k) => dot + x * w[2 * k + j], 0)) ** 2;
      }
    return sum;
  };
  for (let i = 0; i < weights.length; i++) {
    const moved = (by: number) => weights.map((w, k) => (k === i ? w + by : w));
    expect(Math.abs(loss(moved(1e-4)) - loss(moved(-1e-4))) / 2e-4).toBeLessThan(1e-6);
  }
  // a penalty without bound leaves everything where it is
  const held = linearDynamics(seen, { actions: box }, { ridge: 1e12 });
  expectClose(held.weights, new Float64Array(8), 1e-9);
});

test('a pendulum is linear in the right features, and not in the plain ones', () => {
  const seen = randomTransitions<Float64Array>(new Pendulum(), 2000, rngs(1));
  const slow = seen.filter(({ next }) => Math.abs(next[1]) < 8);
  const right = linearDynamics(
    slow,
    {
      actions: new Pendulum().actions,
      features: (state, action) => [state[1], Math.sin(state[0]), action[0]],
    },
    { ridge: 0 },
  );
  // θ̇′ = θ̇ + (15 sin θ + 3 u) Δt, θ′ = θ + θ̇′ Δt
  expectClose(right.weights, [0.05, 0, 0.0375, 0.75, 0.0075, 0.15], 1e-9);
  const plain = linearDynamics(slow, { actions: new Pendulum().actions });
  expect(plain.covariance[3]).toBeGreaterThan(0.05);
});

test('what is known of the world is used: its reward, its end', () => {
  const seen = randomTransitions<number>(new CartPole(), 500, rngs(1));
  const model = linearDynamics(seen, {
    actions: new CartPole().actions,
    reward: (state, action, next) => 10 * state[0] + action + 100 * (next[0] - state[0]),
    terminated: (state) => Math.abs(state[0]) > 2.4,
  });
  expect(model.rewardWeights).toBeNull();
  const imagined = model.model();
  const state = Float64Array.of(2.39, 1, 0, 0);
  // x moves by 0.02 ẋ
  expect(imagined.step(state, 1)).toBeCloseTo(23.9 + 1 + 2, 1);
  expect(imagined.terminated).toBe(true);
  imagined.step(state.fill(0), 0);
  expect(imagined.terminated).toBe(false);
});

test('modelOfSimulator steps as the simulator does, from any state', () => {
  const simulator = new CartPole();
  const model = modelOfSimulator(new CartPole());
  simulator.startAt([0.1, 0, 0.15, 1]);
  const state = Float64Array.of(0.1, 0, 0.15, 1);
  for (let t = 0; !simulator.terminated; t++) {
    expect(model.step(state, t % 2)).toBe(simulator.step(t % 2));
    expect([...state]).toEqual([...simulator.state]);
    expect(model.terminated).toBe(simulator.terminated);
  }
  expect(model.stateSize).toBe(4);
  const without = { ...simulator, startAt: undefined } as unknown as Simulator<number>;
  expect(() => modelOfSimulator(without)).toThrow(TypeError);
});

test('randomTransitions follow one another until an episode is over', () => {
  const seen = randomTransitions<number>(new CartPole(), 300, rngs(3));
  expect(seen.length).toBe(300);
  for (let i = 1; i < seen.length; i++)
    if (!seen[i - 1].terminated) expect(seen[i].state).toEqual(seen[i - 1].next);
  expect(seen.filter(({ terminated }) => terminated).length).toBeGreaterThan(5);
  const torques = randomTransitions<Float64Array>(new Pendulum(), 400, rngs(3)).map(
    ({ action }) => action[0],
  );
  expect(Math.max(...torques)).toBeGreaterThan(1.9);
  expect(Math.min(...torques)).toBeLessThan(-1.9);
});

test('transitions that determine nothing are refused', () => {
  const [one] = drawn(1, [0, 0, 0]);
  expect(() => linearDynamics([], { actions: box })).toThrow('no transitions');
  expect(() => linearDynamics([one], { actions: box }, { ridge: 0 })).toThrow('add ridge');
  expect(() => linearDynamics([one, { ...one, next: [1] }], { actions: box })).toThrow(
    'transition 1 must have states of 2 numbers, got 2 and 1',
  );
  expect(() =>
    linearDynamics([{ ...one, action: Float64Array.of(1, 2) }], { actions: box }),
  ).toThrow('1 finite number');
  const widths = [3, 4];
  expect(() =>
    linearDynamics([one, one], {
      actions: box,
      features: () => new Array(widths.pop() ?? 1).fill(1),
    }),
  ).toThrow('always be 4 numbers, got 3 for transition 1');
  const { model } = linearDynamics([one], { actions: box });
  expect(() => model().step(new Float64Array(3), Float64Array.of(0))).toThrow(
    'a state has 2 numbers',
  );
});
