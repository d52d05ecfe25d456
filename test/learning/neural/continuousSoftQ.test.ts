/** Against closed forms of one decision, and that a run goes on to the same bits. */

import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../src/environments/simulator.ts';
import {
  ContinuousSoftQ,
  type ContinuousSoftQOptions,
} from '../../../src/learning/neural/continuousSoftQ.ts';
import { ControlTraining } from '../../../src/learning/neural/controlTraining.ts';
import { GreedyEpisodes } from '../../../src/learning/neural/greedyEpisodes.ts';
import {
  ReplayControl,
  type ReplayControlOptions,
} from '../../../src/learning/neural/replayControl.ts';
import { transitionBatch } from '../../../src/learning/neural/transitionBuffer.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import type { Engine } from '../../../src/networks/network.ts';
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
  hidden: [32, 32],
  rate: { kind: 'linear' as const, from: 5e-3, to: 1e-4, over: 2400 },
  smoothing: 0.05,
};

const box = { exploration: 0, warmUp: 100 };

function learnerOf(
  world: Simulator<Float64Array>,
  agent: ContinuousSoftQOptions,
  control: ReplayControlOptions = {},
  given: Engine = engine(),
): ReplayControl<Float64Array> {
  const sizes = { observationSize: world.observation.length, actionSize: 1 };
  const learner = new ContinuousSoftQ(given, sizes, agent, createRng(0, 'networks'));
  return new ReplayControl(learner, world, { ...box, ...control });
}

/** Share of draws in the first state that are below each edge. */
function sharesBelow(options: Partial<ContinuousSoftQOptions>, edges: readonly number[]) {
  const learner = learnerOf(new TwoHills(), { ...fit, ...options }, { randomSteps: 2500 });
  for (let step = 0; step < 2500; step++) learner.advance();
  const rng = createRng(1, 'draws');
  const draws = Array.from({ length: 4000 }, () => learner.act([0], rng)[0]);
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

describe('ContinuousSoftQ in a world', () => {
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
    'killed at any checkpoint it goes on to the same bits, %s',
    (sampler) => {
      const agent = { ...fit, sampler, batch: 8, valueSamples: 4 };
      const trainingOf = () => {
        const control = { warmUp: 20, randomSteps: 30, normalize: true, capacity: 200 };
        const learner = learnerOf(new KickedPoint(), agent, control);
        const options = { steps: 130, every: 11, selectionEpisodes: 2, episodes: 3, evaluate: 3 };
        return new ControlTraining(engine(), learner, () => new KickedPoint(), options);
      };
      const end = (training: ReturnType<typeof trainingOf>) => {
        const run = training.run();
        for (;;) {
          const next = run.next();
          if (next.done) return next.value;
        }
      };
      const training = trainingOf();
      const whole = end(training);
      const folder = `${temporaryFolder()}/kept`;
      for (const kill of [1, 4, 9]) {
        let seen = 0;
        for (const progress of trainingOf().run())
          if (seen++ === kill) {
            saveCheckpoint(folder, progress.checkpoint());
            break;
          }
        const again = trainingOf();
        again.restore(loadCheckpoint(folder, 'training of continuous-soft-q-learning'));
        expect(end(again)).toEqual(whole);
        expect(again.checkpoint()).toEqual(training.checkpoint());
      }
    },
  );

  test.each(['resampled', 'stein'] as const)(
    'many worlds played together are worth what each is alone, %s',
    (sampler) => {
      const agent = { ...fit, sampler, batch: 8, valueSamples: 4 };
      const learner = learnerOf(new KickedPoint(), agent, { normalize: true });
      for (let step = 0; step < 130; step++) learner.advance();
      const starts = [[0.7], [-0.4], [0.1]];
      const played = new GreedyEpisodes(engine(), learner, () => new KickedPoint(), 3);
      const returns = played.returns(learner.learned(), starts);
      const world = new KickedPoint();
      starts.forEach((start, i) => {
        world.startAt(start);
        let sum = 0;
        while (!world.terminated && !world.truncated)
          sum += world.step(learner.act(world.observation, null));
        expect(returns[i]).toBeCloseTo(sum, 6);
      });
    },
  );

  test.each([
    ['resampled', 310],
    ['stein', 110],
  ] as const)('nothing is left behind by updates on any engine, %s', async (sampler, few) => {
    const small = { hidden: [4], batch: 2, valueSamples: 2, particles: 2, candidates: 2 };
    for (const [name, given] of await loadableEngines()) {
      const steps = name === 'kernels' || (name === 'wasm' && sampler === 'resampled') ? 1010 : few;
      const control = { warmUp: 10, randomSteps: 15 };
      const learner = learnerOf(new KickedPoint(), { ...small, sampler }, control, given);
      for (let step = 0; step < 20; step++) learner.advance();
      const held = given.held();
      for (let step = 20; step < steps; step++) learner.advance();
      expect(given.held(), name).toBe(held);
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
      learner.learn(batch, rng);
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
    expect(() => learner.learn(transitionBatch(3, sizes), createRng(0, 'noise'))).toThrow(
      'Cannot update: wanted a batch of 64, got 3',
    );
  });
});
