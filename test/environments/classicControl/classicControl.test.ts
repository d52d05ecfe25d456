/** Classic control against stored steps and rollouts of Gymnasium 1.4. */

import { describe, expect, test } from 'vitest';
import { Acrobot } from '../../../src/environments/classicControl/acrobot.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import {
  MountainCar,
  MountainCarContinuous,
} from '../../../src/environments/classicControl/mountainCar.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { expectClose } from '../../support/closeness.ts';
import { readReference } from '../../support/references.ts';

interface Stored {
  readonly spec: { readonly maxEpisodeSteps: number };
  readonly singleStep: readonly {
    readonly state: number[];
    readonly action: number;
    readonly nextState: number[];
    readonly reward: number;
    readonly terminated: boolean;
    readonly obs64?: number[];
  }[];
  readonly rollouts: readonly {
    readonly initialState: number[];
    readonly actions: number[];
    readonly states: number[][];
    readonly rewards: number[];
    readonly terminated: boolean;
    readonly length: number;
  }[];
}

/** Sines and cosines of two libraries differ in the last place; a rollout lets that grow. */
const LAST_PLACE = 1e-14;
const OVER_A_ROLLOUT = 1e-9;

const worlds: readonly [string, Simulator<number> | Simulator<Float64Array>][] = [
  ['cartpole', new CartPole()],
  ['pendulum', new Pendulum()],
  ['mountaincar', new MountainCar()],
  ['mountaincar_continuous', new MountainCarContinuous()],
  ['acrobot', new Acrobot()],
];

describe.each(worlds)('%s', (name, world) => {
  const stored = readReference<Stored>(name);
  const step = (action: number): number =>
    world.actions.kind === 'discrete'
      ? (world as Simulator<number>).step(action)
      : (world as Simulator<Float64Array>).step(Float64Array.of(action));

  test('a step leads where the reference leads', () => {
    expect(world.timeLimit).toBe(stored.spec.maxEpisodeSteps);
    for (const { state, action, nextState, reward, terminated, obs64 } of stored.singleStep) {
      world.startAt(state);
      expectClose([step(action)], [reward], LAST_PLACE);
      expectClose(world.state, nextState, LAST_PLACE);
      expect(world.terminated).toBe(terminated);
      if (obs64) expectClose(world.observation, obs64, LAST_PLACE);
    }
  });

  test('an episode goes as the reference goes', () => {
    for (const { initialState, actions, states, rewards, terminated } of stored.rollouts) {
      world.startAt(initialState);
      actions.forEach((action, t) => {
        expectClose([step(action)], [rewards[t]], OVER_A_ROLLOUT);
        expectClose(world.state, states[t + 1], OVER_A_ROLLOUT);
        expect(world.terminated).toBe(terminated && t === actions.length - 1);
      });
    }
  });

  test('an episode begins where its seed says, and is truncated at its limit or terminated', () => {
    const begin = (seed: number): number[] => {
      world.reset(createRng(seed, 'start'));
      return [...world.state];
    };
    expect(begin(1)).toEqual(begin(1));
    expect(begin(1)).not.toEqual(begin(2));
    let steps = 0;
    for (; !world.terminated && !world.truncated; steps++) step(0);
    expect(world.truncated).toBe(steps === world.timeLimit && !world.terminated);
    expect(() => step(0)).toThrow(/the episode is over; reset first/);
  });

  test('nonsense is refused', () => {
    world.reset(createRng(0, 'start'));
    for (const action of [Number.NaN, ...(world.actions.kind === 'discrete' ? [-1, 9, 0.5] : [])])
      expect(() => step(action)).toThrow(/Cannot step: an action is/);
    expect(() => world.startAt([1])).toThrow(/a state has \d numbers, got 1/);
  });
});

test('a simulator that was not reset refuses to step', () => {
  expect(() => new CartPole().step(0)).toThrow(/has not begun; reset first/);
});
