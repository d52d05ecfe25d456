import { expect, test } from 'vitest';
import { agentReturns, stepAs } from '../../../src/algorithms/simulated/agentReturns.ts';
import type { SoftAgent } from '../../../src/algorithms/simulated/softAgent.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { CELLS, Ledge } from '../../support/ledge.ts';

/** Goes right in the last two cells, elsewhere left; with draws, right. */
const leaning = {
  actionSize: 1,
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array) {
    for (let row = 0; row < rows; row++)
      out[row] = rng || observations[row * CELLS + 2] + observations[row * CELLS + 3] > 0 ? 1 : 0;
  },
} as SoftAgent;

test('agentReturns adds up one episode of each world, whichever ends first', () => {
  const worlds = [0, 1, 2, 3, 0].map((cell) => {
    const world = new Ledge(30);
    world.startAt([cell]);
    return world;
  });
  // from cell 0 one step falls, from 1 two do; from 2 on one holds out
  expect([...agentReturns(leaning, worlds, null)]).toEqual([1, 2, 30, 30, 1]);
  for (const world of worlds) world.startAt([0]);
  expect([...agentReturns(leaning, worlds, createRng(0, 'draws'))]).toEqual([30, 30, 30, 30, 30]);
});

test('stepAs takes −1 and 1 to the ends of a box', () => {
  for (const [a, torque] of [
    [-1, -2],
    [0.5, 1],
    [1, 2],
  ]) {
    const [one, other] = [new Pendulum(), new Pendulum()];
    one.startAt([1, 0.5]);
    other.startAt([1, 0.5]);
    const action = Float64Array.of(a);
    expect(stepAs(one, action)).toBe(other.step(Float64Array.of(torque)));
    expect(action[0]).toBe(torque);
    expect([...one.state]).toEqual([...other.state]);
  }
});
