/** Against closed forms of one decision, and that a run goes on to the same bits. */

import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../src/environments/simulator.ts';
import {
  ContinuousSoftQ,
  type ContinuousSoftQOptions,
} from '../../../src/learning/neural/continuousSoftQ.ts';
import { episodeReturns } from '../../../src/learning/neural/episodeReturns.ts';
import {
  storedSoftQPolicy,
  type TrainContinuousSoftQOptions,
  trainContinuousSoftQ,
} from '../../../src/learning/neural/trainContinuousSoftQ.ts';
import { transitionBatch } from '../../../src/learning/neural/transitionBuffer.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const engine = () => kernelEngine('kernels', 16);

/** Pays −1.5 cos 2πa and goes on from 0 to a last step that pays nothing: two equally good actions. */
class TwoHills implements Simulator<Float64Array> {
  readonly actions = { kind: 'box', low: Float64Array.of(-1), high: Float64Array.of(1) } as const;
  readonly timeLimit = 2;
  readonly state = new Float64Array(1);
  readonly observation = this.state;
  terminated = false;
  truncated = false;

  reset(): void {
    this.startAt([0]);
  }

  startAt(state: ArrayLike<number>): void {
    this.state.set(state);
    this.terminated = false;
  }

  step(action: Float64Array): number {
    this.terminated = this.state[0] === 1;
    const reward = this.terminated ? 0 : -1.5 * Math.cos(2 * Math.PI * action[0]);
    this.state[0] = 1;
    return reward;
  }
}

const fit = {
  steps: 2500,
  every: 2500,
  warmUp: 100,
  randomSteps: 2500,
  hidden: [32, 32],
  rate: { kind: 'linear' as const, from: 5e-3, to: 1e-4, over: 2400 },
  smoothing: 0.05,
};

/** Share of draws in the first state that are below each edge. */
function sharesBelow(options: Partial<TrainContinuousSoftQOptions>, edges: readonly number[]) {
  const reports = [...trainContinuousSoftQ(engine(), new TwoHills(), { ...fit, ...options })];
  const { policy } = reports.at(-1)!;
  const rng = createRng(1, 'draws');
  const action = new Float64Array(1);
  const draws = Array.from({ length: 4000 }, () => {
    policy([0], rng, action);
    return action[0];
  });
  return edges.map((edge) => draws.filter((a) => a < edge).length / draws.length);
}

/** The same of the density ∝ exp(reward), off the border where a Stein sampler draws. */
function exactShares(sampler: 'resampled' | 'stein', edges: readonly number[]): number[] {
  const cells = 4000;
  const at = (i: number) => -1 + (2 * (i + 0.5)) / cells;
  const weight = Array.from({ length: cells }, (_, i) => {
    const rounder = sampler === 'stein' ? 1 - at(i) ** 2 : 1;
    return Math.exp(-1.5 * Math.cos(2 * Math.PI * at(i))) * rounder;
  });
  const total = weight.reduce((sum, w) => sum + w, 0);
  return edges.map((edge) => weight.reduce((sum, w, i) => sum + (at(i) < edge ? w : 0), 0) / total);
}

describe('trainContinuousSoftQ', () => {
  const edges = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75];

  test.each([
    ['resampled', 0.05],
    ['stein', 0.07],
  ] as const)('draws are as exp(Q/τ), %s', (sampler, tolerance) => {
    const shares = sharesBelow({ sampler, batch: 32, particles: 10 }, edges);
    exactShares(sampler, edges).forEach((share, i) => {
      expect(Math.abs(shares[i] - share), `below ${edges[i]}`).toBeLessThan(tolerance);
    });
  });

  test('at temperature 0 it takes a best action, always', () => {
    const [below, left, right, above] = sharesBelow({ temperature: 0 }, [-0.7, -0.3, 0.3, 0.7]);
    expect(below).toBe(0);
    expect(right).toBe(left);
    expect(above).toBe(1);
    expect(
      () =>
        new ContinuousSoftQ(
          engine(),
          { observationSize: 1, actionSize: 1 },
          { temperature: 0, sampler: 'stein' },
          createRng(0, 'networks'),
        ),
    ).toThrow(/Cannot learn: a Stein sampler draws from a density/);
  });

  test.each(['resampled', 'stein'] as const)(
    'killed at any report it goes on to the same bits, %s',
    (sampler) => {
      const options = {
        ...fit,
        steps: 130,
        every: 11,
        warmUp: 20,
        randomSteps: 30,
        sampler,
        normalize: true,
        batch: 8,
        valueSamples: 4,
      };
      const reports = [...trainContinuousSoftQ(engine(), new KickedPoint(), options)];
      const whole = reports.at(-1)!.checkpoint();
      const folder = `${temporaryFolder()}/kept`;
      for (const kill of [1, 4, 9]) {
        let seen = 0;
        for (const report of trainContinuousSoftQ(engine(), new KickedPoint(), options))
          if (seen++ === kill) {
            saveCheckpoint(folder, report.checkpoint());
            break;
          }
        const from = loadCheckpoint(folder, 'continuous-soft-q-learning');
        const rest = [...trainContinuousSoftQ(engine(), new KickedPoint(), options, from)];
        expect(rest.at(-1)!.checkpoint()).toEqual(whole);
      }
      const again = storedSoftQPolicy(engine(), whole);
      const played = (policy: typeof again) =>
        episodeReturns(new KickedPoint(), policy, [[0.7], [-0.4]], createRng(5, 'draws'));
      expect(played(again)).toEqual(played(reports.at(-1)!.policy));
    },
  );

  test.each([
    ['resampled', 310],
    ['stein', 110],
  ] as const)('nothing is left behind by updates on any engine, %s', async (sampler, few) => {
    const small = { hidden: [4], batch: 2, valueSamples: 2, particles: 2, candidates: 2 };
    for (const [name, given] of await loadableEngines()) {
      const steps = name === 'kernels' || (name === 'wasm' && sampler === 'resampled') ? 1010 : few;
      const options = { ...small, sampler, steps, every: 10, warmUp: 10, randomSteps: 15 };
      let held = 0;
      for (const { step } of trainContinuousSoftQ(given, new KickedPoint(), options))
        if (step === 20) held = given.held();
        else if (step > 20) expect(given.held(), name).toBe(held);
      given.release();
    }
  });
});

describe('ContinuousSoftQ', () => {
  const sizes = { observationSize: 1, actionSize: 2 };
  const rate = { kind: 'linear', from: 1e-2, to: 1e-4, over: 1000 } as const;
  /** Learns Q of a state that always leads to itself and pays 1. */
  const endless = (options: ContinuousSoftQOptions): number => {
    const learner = new ContinuousSoftQ(
      engine(),
      sizes,
      { hidden: [8], batch: 32, discount: 0.5, rate, smoothing: 0.2, ...options },
      createRng(0, 'networks'),
    );
    const rng = createRng(0, 'batches');
    const batch = transitionBatch(32, sizes);
    batch.reward.fill(1);
    for (let k = 0; k < 1000; k++) {
      for (let i = 0; i < 64; i++) batch.action[i] = 2 * rng() - 1;
      learner.update(batch, rng);
    }
    const values = new Float64Array(100);
    learner.actionValue(
      [0],
      Array.from({ length: 200 }, () => 2 * rng() - 1),
      values,
    );
    for (const value of values) expect(value / values[0]).toBeCloseTo(1, 1);
    return values.reduce((sum, value) => sum + value, 0) / 100;
  };

  test('Q of endless pay is 1/(1 − γ), and counting entropy in nats adds γ τ d log 2/(1 − γ)', () => {
    expect(endless({})).toBeCloseTo(2, 1);
    expect(endless({ temperature: 0 })).toBeCloseTo(2, 1);
    expect(endless({ temperature: 0.3, unit: 2 })).toBeCloseTo(2, 1);
    expect(endless({ entropy: 'nats' })).toBeCloseTo(2 + 2 * Math.LN2, 1);
    expect(endless({ entropy: 'nats', temperature: 3 }) / (2 + 6 * Math.LN2)).toBeCloseTo(1, 1);
  });

  test('a batch of another size is refused', () => {
    const learner = new ContinuousSoftQ(engine(), sizes, {}, createRng(0, 'networks'));
    expect(() => learner.update(transitionBatch(3, sizes), createRng(0, 'noise'))).toThrow(
      'Cannot update: wanted a batch of 64, got 3',
    );
  });
});
