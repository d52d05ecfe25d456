/** Worlds stepped together against one by one, and a turn against its equations. */

import { describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { ParallelSteps, type SteppedRows } from '../../../src/learning/neural/parallelSteps.ts';
import {
  PolicyGradientControl,
  type PolicyGradientControlOptions,
} from '../../../src/learning/neural/policyGradientControl.ts';
import { drawParameters } from '../../../src/networks/denseShape.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import type { Network } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { doubleNetwork, slopes } from '../../support/doubleNetwork.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';
import { rowOf } from './randomBatch.ts';

const TIME_LIMIT = 14;
const createSimulator = (): CartPole => new CartPole(TIME_LIMIT);
const shape = { inputs: 4, hidden: [8], outputs: 2, activation: 'tanh' } as const;

function written(network: Network, parameters: Float32Array): Network {
  network.parameters.set(parameters);
  network.changed();
  return network;
}

describe.each(await loadableEngines())('engine %s', (name, engine) => {
  test('worlds stepped together go the same ways as one by one', () => {
    const [COUNT, HORIZON, TURNS] = [5, 40, 2];
    const policy = written(engine.network(shape), drawParameters(shape, createRng(6, 'networks')));
    const together = new ParallelSteps(
      policy,
      Array.from({ length: COUNT }, createSimulator),
      HORIZON,
      9,
    );
    const alone = Array.from(
      { length: COUNT },
      (_, i) => new ParallelSteps(policy, [createSimulator()], HORIZON, 9, i),
    );
    for (let turn = 0; turn < TURNS; turn++) {
      const finished = together.advance();
      expect(finished.sort()).toEqual(alone.flatMap((world) => world.advance()).sort());
      for (const key of [
        'observation',
        'nextObservation',
        'action',
        'reward',
        'terminated',
        'last',
      ] as const)
        expect(Array.from(together.rows[key])).toEqual(
          alone.flatMap(({ rows }) => Array.from(rows[key])),
        );
    }
    expect(together.stored()).toEqual(alone.flatMap((world) => world.stored()));
    if (name !== 'kernels') engine.release();
  });
});

describe('PolicyGradientControl', () => {
  const settings = {
    environments: 3,
    horizon: 30,
    hidden: [5],
    rate: 0.01,
    valueUpdates: 1,
    discount: 0.9,
    lambda: 0.7,
    entropyBonus: 0.2,
    normalize: false,
    seed: 4,
  } satisfies PolicyGradientControlOptions;

  test.each([0.7, 1])('the gradient of a turn is that of its equation, λ = %f', (lambda) => {
    const learner = new PolicyGradientControl(kernelEngine('plain'), createSimulator, {
      ...settings,
      lambda,
    });
    const { policy, value } = learner.stored().arrays as Record<string, Float32Array>;
    const own = learner.policy.shape;
    const network = written(kernelEngine('plain').network(own), policy);
    const same = new ParallelSteps(network, Array.from({ length: 3 }, createSimulator), 30, 4);
    same.advance();
    const { rows } = same;
    learner.advance();
    const worth = (seen: Float32Array, i: number): number =>
      doubleNetwork({ ...own, outputs: 1 }, value, rowOf(seen, i, 4))[0];
    const advantage = naiveAdvantages(rows, worth, 0.9, lambda);
    const at = (theta: ArrayLike<number>): number => {
      let sum = 0;
      for (let i = 0; i < rows.rows; i++) {
        const x = doubleNetwork(own, theta, rowOf(rows.observation, i, 4));
        const all = Math.log(Math.exp(x[0]) + Math.exp(x[1]));
        const log = x.map((v) => v - all);
        const entropy = -log.reduce((h, l) => h + Math.exp(l) * l, 0);
        sum -= (advantage[i] * log[rows.action[i]] + 0.2 * entropy) / rows.rows;
      }
      return sum;
    };
    const wanted = slopes(at, policy);
    const largest = Math.max(...wanted.map(Math.abs));
    expect(largest).toBeGreaterThan(0.01);
    wanted.forEach((slope, i) => {
      expect(Math.abs(learner.policy.gradient[i] - slope) / largest).toBeLessThan(1e-4);
    });
    expect(learner.report().policy).toBeCloseTo(at(policy), 4);
    // Some episodes ran out of time and some poles fell, or the rules of ends were not tried.
    expect(rows.terminated.some((x) => x === 1)).toBe(true);
    expect(rows.last.filter((x) => x === 1).length).toBeGreaterThan(3 + sum(rows.terminated));
  });
});

/** Σ_k (γλ)^k δ_{t+k} to where the row's episode, or its turn, ends. */
function naiveAdvantages(
  rows: SteppedRows,
  worth: (seen: Float32Array, i: number) => number,
  discount: number,
  lambda: number,
): number[] {
  return Array.from({ length: rows.rows }, (_, t) => {
    let total = 0;
    for (let k = t; ; k++) {
      const after = rows.terminated[k] ? 0 : worth(rows.nextObservation, k);
      const error = rows.reward[k] + discount * after - worth(rows.observation, k);
      total += (discount * lambda) ** (k - t) * error;
      if (rows.last[k]) return total;
    }
  });
}

function sum(x: Uint8Array): number {
  return x.reduce((total, value) => total + value, 0);
}
