/** Learning from a memory: double deep Q-learning, soft Q-learning, discrete soft actor-critic. */

import {
  type ControlLearner,
  createRng,
  DeepQLearning,
  type DeepQOptions,
  DiscreteSoftActorCritic,
  type Engine,
  ReplayControl,
  type ReplayControlOptions,
  type Simulator,
} from 'revealed';
import { type Course, course } from './trainedSeeds.ts';

function deepQ(agent: DeepQOptions, control: ReplayControlOptions): Course['learner'] {
  return (engine, createSimulator, seed): ControlLearner => {
    const world = createSimulator();
    const learner = new DeepQLearning(engine, sizesOf(world), agent, createRng(seed, 'networks'));
    return new ReplayControl(learner, world, { ...control, seed });
  };
}

function discreteSac(
  engine: Engine,
  create: () => Simulator<number>,
  seed: number,
): ControlLearner {
  const world = create();
  const rng = createRng(seed, 'networks');
  const learner = new DiscreteSoftActorCritic(engine, sizesOf(world), {}, rng);
  return new ReplayControl(learner, world, { exploration: 0, rewardScale: 0.1, seed });
}

function sizesOf({ observation, actions }: Simulator<number>) {
  return { observationSize: observation.length, actionCount: actions.count };
}

/** ε falls in a fifth of 60,000 steps: an episode is found only by chance at first. */
const finding = { exploration: { kind: 'linear', from: 1, to: 0.05, over: 12_000 } } as const;

export const doubleQCartPole = course({
  name: 'double-q-cart-pole',
  method: 'double deep Q-learning',
  world: 'cart-pole',
  steps: 50_000,
  toTheEnd: true,
  learner: deepQ({}, {}),
});

export const doubleQAcrobot = course({
  name: 'double-q-acrobot',
  method: 'double deep Q-learning',
  world: 'acrobot',
  steps: 60_000,
  learner: deepQ({}, finding),
});

export const softQCartPole = course({
  name: 'soft-q-cart-pole',
  method: 'soft Q-learning',
  world: 'cart-pole',
  steps: 50_000,
  learner: deepQ(
    { temperature: 0.1 },
    { exploration: { kind: 'linear', from: 0.2, to: 0.02, over: 10_000 } },
  ),
});

export const softQAcrobot = course({
  name: 'soft-q-acrobot',
  method: 'soft Q-learning',
  world: 'acrobot',
  steps: 100_000,
  needed: 3,
  learner: deepQ({ temperature: 0.1 }, finding),
});

export const discreteSacCartPole = course({
  name: 'discrete-sac-cart-pole',
  method: 'discrete soft actor-critic',
  world: 'cart-pole',
  steps: 30_000,
  learner: discreteSac,
});
