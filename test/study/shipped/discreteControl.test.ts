/** The study of discrete control, cut short: what it reports of its runs. */

import { expect, test } from 'vitest';
import study from '../../../datasets/synthetic/discrete-control.study.ts';
import { course } from '../../../datasets/synthetic/discreteControl/trainedSeeds.ts';
import {
  actorCritic,
  PolicyGradientControl,
} from '../../../src/learning/neural/policyGradientControl.ts';
import { answerTo, columnOf } from '../../support/askQuestion.ts';

test('a course prints every seed, best and last, and stops where its steps end', async () => {
  const short = course({
    name: 'short',
    method: 'actor-critic',
    world: 'cart-pole',
    steps: 9_000,
    seeds: 2,
    needed: 2,
    toTheEnd: true,
    learner: (engine, create, seed) =>
      new PolicyGradientControl(engine, create, { ...actorCritic, seed }),
  });
  const { tables, findings, charts } = await answerTo(short, 5);
  const [table] = tables;
  expect(columnOf(table, 'seed')).toEqual([5, 6]);
  // Eight turns of 1,024 steps fit.
  expect(columnOf(table, 'last step')).toEqual([8_192, 8_192]);
  const [best, low, high] = ['best', 'from', 'to'].map((name) => columnOf(table, name));
  best.forEach((mean, i) => {
    // Acting at random balances for about 22 steps.
    expect(mean).toBeGreaterThan(60);
    expect(low[i]).toBeLessThanOrEqual(mean);
    expect(high[i]).toBeGreaterThanOrEqual(mean);
  });
  expect(findings[0].holds).toBe(best.every((mean) => mean >= 475));
  expect(charts[0].series.map(({ points }) => points.length)).toEqual([8, 8]);
});

test('questions have names of their own', () => {
  expect(new Set(study.questions.map(({ name }) => name)).size).toBe(study.questions.length);
});
