/** A thousand updates of every algorithm leave nothing behind: no tensor, no number of the kernels. */

import { afterAll, describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import { headNames } from '../../../src/learning/cloning/clonedPolicy.ts';
import { NeuralCloning } from '../../../src/learning/cloning/neuralCloning.ts';
import { type ControlForm, controlMethods } from '../../../src/learning/neural/controlMethods.ts';
import { neuralFittedQ } from '../../../src/learning/neural/neuralFittedQ.ts';
import type { Engine } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { networkReward } from '../../../src/rewards/networkReward.ts';
import { gridProblem } from '../../support/gridProblem.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';
import { Slider } from '../../support/slider.ts';
import { randomBatch } from './randomBatch.ts';

/** The others share all that holds tensors with `wasm`, and take far longer. */
const whole: readonly string[] = ['kernels', 'plain', 'wasm'];
const updatesOn = (engine: string): number => (whole.includes(engine) ? 1_000 : 60);
/** Before these everything has been built. */
const FIRST = 40;

/** Makes one update after another; yields after at least one. */
type Updates = (engine: Engine) => Generator<void, void>;

const replayed = { hidden: [3], batch: 2, warmUp: 3, randomSteps: 3 };
/** No batch is drawn: what was seen is learned from, at once. */
const onPolicy = { hidden: [3], horizon: 4, valueUpdates: 2 };
const fewActions = {
  ...replayed,
  exploratoryEpisodes: 0,
  valueSamples: 2,
  candidates: 2,
  particles: 2,
};

/** What learns by acting: an update each turn, once it is warm. */
function acting(
  form: ControlForm | null,
  create: () => Simulator,
  options: Readonly<Record<string, unknown>> = replayed,
): Updates {
  return function* (engine) {
    const learner = form!.learner(engine, create, options);
    for (;;) {
      learner.advance();
      yield;
    }
  };
}

const cart = () => new CartPole(9) as Simulator;
const slider = () => new Slider() as Simulator;
const form = (name: keyof typeof controlMethods, kind: 'discrete' | 'box') =>
  controlMethods[name][kind] as ControlForm | null;
function cloning(head: (typeof headNames)[number]): Updates {
  return function* (engine) {
    const rng = createRng(1, 'rows');
    const count = 20;
    const isDiscrete = head === 'categorical';
    const cloning = new NeuralCloning(
      engine,
      {
        count,
        observationSize: 2,
        observations: new Float64Array(2 * count).map(() => rng()),
        actions: isDiscrete
          ? { kind: 'discrete', count: 2 }
          : { kind: 'continuous', size: 1, box: { low: [-1], high: [1] } },
        taken: new Float64Array(count).map(() => (isDiscrete ? Math.round(rng()) : rng() - 0.5)),
        trajectories: ['one'],
        trajectory: new Int32Array(count),
        step: Int32Array.from({ length: count }, (_, i) => i),
      },
      { head, hidden: [3], batch: 20, heldOut: 0.25, patience: 10_000, maxUpdates: 10_000 },
    );
    for (;;) {
      cloning.epoch();
      yield;
    }
  };
}

const algorithms: Record<string, Updates> = {
  'double deep Q': acting(form('deep-q', 'discrete'), cart),
  'soft Q': acting(form('soft-q', 'discrete'), cart),
  'discrete soft actor-critic': acting(form('soft-actor-critic', 'discrete'), cart),
  REINFORCE: acting(form('reinforce', 'discrete'), cart, onPolicy),
  'actor-critic': acting(form('actor-critic', 'discrete'), cart, { ...onPolicy, environments: 2 }),
  'soft Q in a box, resampled': acting(form('soft-q', 'box'), slider, fewActions),
  'soft Q in a box, Stein': acting(form('soft-q', 'box'), slider, {
    ...fewActions,
    sampler: 'stein',
  }),
  'soft actor-critic as printed': acting(form('soft-actor-critic', 'box'), slider),
  'soft actor-critic, tuned': acting(form('soft-actor-critic', 'box'), slider, {
    ...replayed,
    valueNetwork: false,
    temperature: 'tuned',
  }),
  *'neural fitted Q'(engine) {
    const options = { hidden: [3], batch: 2, updates: 1, iterations: 2_000 };
    for (const _ of neuralFittedQ(engine, randomBatch(6, 3, 2), 2, options)) yield;
  },
  ...Object.fromEntries(headNames.map((head) => [`cloning, ${head}`, cloning(head)])),
  *'network reward'(engine) {
    const { world, features } = gridProblem({ kind: 'discounted', discount: 0.9 }, 1);
    const reward = networkReward(world.mdp, features, engine, [3]);
    const theta = new Float64Array(reward.size);
    theta.set(reward.draw(createRng(1, 'network')), reward.linearSize);
    const [rewards, gradient] = [new Float64Array(world.mdp.pairCount), theta.slice()];
    for (;;) {
      reward.evaluate(theta, rewards);
      reward.pullBack(theta, rewards, gradient);
      for (let i = 0; i < theta.length; i++) theta[i] -= 1e-3 * gradient[i];
      yield;
    }
  },
};

const engines = await loadableEngines();

afterAll(() => {
  for (const [, engine] of engines) engine.release();
});

describe.each(engines)('%s', (name, engine) => {
  test.each(Object.entries(algorithms))(
    '%s',
    (_name, updates) => {
      const steps = updates(engine);
      const make = (count: number): void => {
        for (let i = 0; i < count; i++) expect(steps.next().done).toBe(false);
      };
      make(FIRST);
      const held = engine.held();
      expect(held).toBeGreaterThan(0);
      make(updatesOn(name));
      expect(engine.held()).toBe(held);
    },
    60_000,
  );
});
