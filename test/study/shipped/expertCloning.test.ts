/** What the study of cloned experts measures with. */

import { expect, test } from 'vitest';
import {
  cartPoleActions,
  cartPoleReturn,
  cloneOf,
  expertEpisodes,
  expertReturn,
} from '../../../datasets/expert_play/expertCloning/play.ts';
import { pendulumStarts } from '../../../src/environments/classicControl/pendulumStarts.ts';

const all = (count: number) => Array.from({ length: count }, (_, i) => i);

test('the episodes are those of the card', async () => {
  const [pole, pendulum] = [await expertEpisodes('cartpole'), await expertEpisodes('pendulum')];
  expect([pole.count, pole.actions.length]).toEqual([57, 26_964]);
  expect([pendulum.count, pendulum.actions.length]).toEqual([56, 11_200]);
  expect(pole.ends.filter((end) => end === 'truncated').length).toBe(15);
  expect(pendulum.actions.filter((torque) => Math.abs(torque) === 2).length).toBe(832);
  expect(expertReturn(pole, all(57))).toBeCloseTo(473, 0);
  expect(expertReturn(pendulum, all(56))).toBeCloseTo(-189, 0);
});

test('a clone of ten episodes balances the pole, and tells the other episodes', async () => {
  const episodes = await expertEpisodes('cartpole');
  const options = { hidden: [32, 32] };
  const { fit, policy, others } = cloneOf(episodes, cartPoleActions, all(10), options, 0);
  expect(cartPoleReturn(policy, 0)).toBeGreaterThan(465);
  expect(fit.splitBy).toBe('trajectories');
  expect(others?.trajectories).toBe(47);
  expect(others?.perDecision).toBeGreaterThan(-0.48);
});

test('a hundred starts lie where a reset may put them', () => {
  expect(pendulumStarts.length).toBe(100);
  expect(new Set(pendulumStarts.map(([angle]) => angle)).size).toBe(100);
  for (const [angle, speed] of pendulumStarts) {
    expect(Math.abs(angle)).toBeLessThanOrEqual(Math.PI);
    expect(Math.abs(speed)).toBeLessThanOrEqual(1);
  }
  const mean = pendulumStarts.reduce((sum, [, , near]) => sum + near, 0) / 100;
  expect(mean).toBeCloseTo(-137.3, 1);
});
