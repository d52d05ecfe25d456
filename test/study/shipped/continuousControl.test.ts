/** The questions of `continuous-control`, short; its starts are those of the reference. */

import { expect, test } from 'vitest';
import { goalShares } from '../../../datasets/synthetic/continuousControl/goalShares.ts';
import {
  multiGoalOf,
  steinGoalsOf,
} from '../../../datasets/synthetic/continuousControl/multiGoal.ts';
import { pendulum } from '../../../datasets/synthetic/continuousControl/pendulum.ts';
import {
  knownPendulum,
  plannedPendulum,
} from '../../../datasets/synthetic/continuousControl/plannedPendulum.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { pendulumStarts } from '../../../src/environments/classicControl/pendulumStarts.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { answerTo, columnOf } from '../../support/askQuestion.ts';
import { readReference } from '../../support/references.ts';

test('its starts of the pendulum are those of the reference', () => {
  const { starts, nearOptimalReturn } = readReference<{
    starts: number[][];
    nearOptimalReturn: number[];
  }>('pendulum_eval_starts');
  expect(pendulumStarts).toEqual(starts.map((start, i) => [...start, nearOptimalReturn[i]]));
});

test('what never learned swings no pendulum up, and says so', async () => {
  const plan = { steps: 300, seeds: 2, every: 100, learned: 200, kept: 100 };
  const question = pendulum('short', 'Short', {}, plan);
  const answer = await answerTo(question, 0);
  expect(answer.sentence).toMatch(/^0 of 2 seeds return at least -160/);
  expect(answer.findings.map(({ holds }) => holds)).toEqual([false, false]);
  const [then, worst, best, last] = ['after 200', 'worst from 100', 'best', 'last, at 300'].map(
    (name) => columnOf(answer.tables[0], name).map(Number),
  );
  for (const mean of [...then, ...best]) expect(mean > -2000 && mean < -500).toBe(true);
  const curves = answer.tables[1].rows;
  expect(curves.slice(1)).toEqual([
    [200, ...then],
    [300, ...last],
  ]);
  expect(worst).toEqual(
    [0, 1].map((run) => Math.min(...curves.map((row) => Number(row[1 + run])))),
  );
});

test('what a step of the pendulum pays is known from what is seen', () => {
  const world = new Pendulum();
  const rng = createRng(1, 'steps');
  for (let i = 0; i < 50; i++) {
    world.startAt([20 * rng() - 10, 16 * rng() - 8]);
    const action = Float64Array.of(4 * rng() - 2);
    const before = world.observation.slice();
    const paid = world.step(action);
    expect(knownPendulum.reward?.(before, action, world.observation)).toBeCloseTo(paid, 9);
  }
});

test('planning in dynamics that were hardly learned swings no pendulum up, and says so', async () => {
  const plan = { steps: 610, seeds: 2, every: 210, starts: 2, selection: 1, confirmation: 1 };
  const answer = await answerTo(plannedPendulum('short', 'Short', 'deterministic', plan), 0);
  expect(answer.findings).toHaveLength(1);
  const [table, errors] = answer.tables;
  const last = columnOf(table, 'last').map(Number);
  expect(last.every((mean) => mean > -2000 && mean < 0)).toBe(true);
  const passed = last.filter((mean) => mean >= -200).length;
  expect(answer.findings[0].holds).toBe(passed === 2);
  expect(answer.sentence).toMatch(new RegExp(`^${passed} of 2 seeds return at least -200`));
  expect(errors.rows.map(([step]) => step)).toEqual([210, 420, 610]);
  expect(errors.rows[0][1]).toBeNull();
  expect(Number(errors.rows[2][1])).toBeGreaterThan(0);
});

test('goals are told apart, and each episode counts once', () => {
  const moves = [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ];
  moves.forEach((move, goal) => {
    const { shares, none, length } = goalShares({ act: () => Float64Array.from(move) }, 'seed');
    expect(shares).toEqual(moves.map((_, i) => (i === goal ? 1 : 0)));
    expect(none).toBe(0);
    // Within 1 of a goal that is 5 away: reached by the fifth step.
    expect(length).toBe(5);
  });
  const still = goalShares({ act: () => new Float64Array(2) }, 'seed');
  expect(still).toEqual({ shares: [0, 0, 0, 0], none: 1, length: 30 });
});

test('all actors are asked on every seed', async () => {
  const plan = { steps: 520, steinSteps: 510, seeds: 2 };
  for (const [question, actors] of [
    [multiGoalOf(plan), ['resampled', 'hard-optimal', 'one Gaussian']],
    [steinGoalsOf(plan), ['stein']],
  ] as const) {
    const answer = await answerTo(question, 0);
    const [table] = answer.tables;
    expect(table.rows.map(([actor]) => actor)).toEqual(actors.flatMap((name) => [name, name]));
    for (const row of table.rows) {
      const shares = row.slice(2, 7).map(Number);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    expect(answer.charts[0].series.map(({ name }) => name)).toEqual(actors);
  }
});
