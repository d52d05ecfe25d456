/** The contract of everything that is visited step by step. */

import { describe, expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.ts';
import type { Simulator } from '../../src/environments/simulator.ts';
import { simulators } from '../../src/environments/simulators.ts';
import { createRng, type Rng } from '../../src/numeric/rng.ts';

const STEPS = 300;

interface Visit {
  readonly rewards: number[];
  readonly states: number[][];
  readonly ends: string[];
}

describe.each(Object.entries(simulators))('%s', (name, { build }) => {
  /** Acts at random for a while, beginning again whenever an episode is over. */
  function visit(seed: number): Visit {
    const world = build({}, createRng(seed, 'outcomes'));
    const rng = createRng(seed, 'reset');
    const acting = createRng(seed, 'acting');
    const seen: Visit = { rewards: [], states: [], ends: [] };
    world.reset(rng);
    for (let t = 0; t < STEPS; t++) {
      if (world.terminated || world.truncated) {
        seen.ends.push(world.terminated ? 'terminated' : 'truncated');
        world.reset(rng);
      }
      seen.rewards.push(act(name, world, acting));
      seen.states.push([...world.state]);
      expect(world.terminated && world.truncated).toBe(false);
      expect(world.observation.every(Number.isFinite)).toBe(true);
    }
    return seen;
  }

  test('one seed gives the same episodes, bit for bit', () => {
    expect(visit(3)).toEqual(visit(3));
  });

  test('an episode goes on from a state that it is put into as from one that it came to', () => {
    const [one, other] = [build({}, createRng(5, 'o')), build({}, createRng(5, 'o'))];
    one.reset(createRng(9, 'reset'));
    other.startAt(one.state);
    expect(act(name, one, createRng(0, 'a'))).toBe(act(name, other, createRng(0, 'a')));
    expect(other.state).toEqual(one.state);
    expect(other.observation).toEqual(one.observation);
  });

  test('an episode that goes on after so many steps has only the others left', () => {
    const world = build({}, createRng(5, 'o'));
    world.reset(createRng(9, 'reset'));
    const start = [...world.state];
    if (world.timeLimit < Infinity) {
      world.startAt(start, world.timeLimit - 1);
      act(name, world, createRng(0, 'a'));
      expect(world.truncated).toBe(!world.terminated);
      expect(() => world.startAt(start, world.timeLimit)).toThrow(/steps that are over must be/);
    }
    expect(() => world.startAt(start, -1)).toThrow(/steps that are over must be whole, from 0/);
  });

  test('a step before the first reset and after the end is refused', () => {
    const world = build({}, createRng(0, 'outcomes'));
    const acting = createRng(0, 'acting');
    expect(() => act(name, world, acting)).toThrow(/has not begun; reset first/);
    world.reset(createRng(0, 'reset'));
    for (let t = 0; t < 3000 && !world.terminated && !world.truncated; t++)
      act(name, world, acting);
    if (!world.terminated && !world.truncated) expect(world.timeLimit).toBe(Infinity);
    else expect(() => act(name, world, acting)).toThrow(/is over; reset first/);
  });

  test('an action that there is not is refused, and changes nothing', () => {
    const world = build({}, createRng(0, 'outcomes'));
    world.reset(createRng(0, 'reset'));
    const before = [...world.state];
    const refused =
      world.actions.kind === 'discrete'
        ? () => (world as Simulator<number>).step(world.actions.kind === 'discrete' ? 1e6 : 0)
        : () => (world as Simulator<Float64Array>).step(new Float64Array(7));
    expect(refused).toThrow(/Cannot step: an action is/);
    expect([...world.state]).toEqual(before);
    const plain = world as unknown as Simulator<number>;
    if (world.actions.kind === 'box') expect(() => plain.step(1)).toThrow(/is a Float64Array of/);
  });

  test('a state that there is not is no start', () => {
    const world = build({}, createRng(0, 'outcomes'));
    world.reset(createRng(0, 'reset'));
    const size = world.state.length;
    expect(() => world.startAt(new Float64Array(size).fill(Number.NaN))).toThrow(/Cannot start/);
    expect(() => world.startAt(new Float64Array(size + 1))).toThrow(/Cannot start: a state has/);
    if (name in environments) expect(() => world.startAt([1e6])).toThrow(/a state is one of 0 …/);
  });
});

function act(
  name: string,
  world: ReturnType<(typeof simulators)[string]['build']>,
  rng: Rng,
): number {
  const { actions } = world;
  if (actions.kind === 'box') {
    const action = actions.low.map((low, i) => low + (actions.high[i] - low) * rng());
    return (world as Simulator<Float64Array>).step(action);
  }
  const offered = name in environments ? offeredIn(name, world.state[0]) : actions.count;
  return (world as Simulator<number>).step(Math.floor(rng() * offered));
}

const tasks = new Map<string, Int32Array>();

/** How many actions a tabular state offers. */
function offeredIn(name: string, state: number): number {
  let pairStart = tasks.get(name);
  if (!pairStart) {
    ({ pairStart } = environments[name as keyof typeof environments].build().world.mdp);
    tasks.set(name, pairStart);
  }
  return Math.max(1, pairStart[state + 1] - pairStart[state]);
}

test.each(Object.entries(environments))('%s steps as its MDP says', (name, { build }) => {
  const { task } = build();
  if (!task) return;
  const { mdp } = task.world;
  const state = mdp.pairStart.findIndex((start, s) => start < (mdp.pairStart[s + 1] ?? 0));
  const world = simulators[name].build({}, createRng(1, 'outcomes'));
  const first = mdp.pairStart[state];
  const count = new Map<number, number>();
  const DRAWS = 3000;
  let total = 0;
  for (let n = 0; n < DRAWS; n++) {
    world.startAt([state]);
    total += (world as Simulator<number>).step(0);
    count.set(world.state[0], (count.get(world.state[0]) ?? 0) + 1);
  }
  const share = (to: number): number => (count.get(to) ?? 0) / DRAWS;
  for (let k = mdp.transitionStart[first]; k < mdp.transitionStart[first + 1]; k++) {
    const p = mdp.probability[k];
    // five standard errors
    const within = 5 * Math.sqrt((p * (1 - p)) / DRAWS) + 1e-9;
    expect(Math.abs(share(mdp.nextState[k]) - p)).toBeLessThan(within);
  }
  const { start, probability, reward } = task.outcomes;
  let variance = 0;
  for (let k = start[first]; k < start[first + 1]; k++)
    variance += probability[k] * (reward[k] - task.reward[first]) ** 2;
  expect(Math.abs(total / DRAWS - task.reward[first])).toBeLessThan(
    5 * Math.sqrt(variance / DRAWS) + 1e-9,
  );
});
