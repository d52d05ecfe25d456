/** Fine-tuning in a small maze: what symmetry and bookkeeping say of it. */

import { expect, test } from 'vitest';
import { fineTuning } from '../../../../datasets/synthetic/softOptimality/fineTuning.ts';
import { answerTo, columnOf } from '../../../support/askQuestion.ts';

const SEEDS = 12;
const small = { seeds: SEEDS, settings: [{ arm: 3, stepSize: 0.5 }], preparing: 150, limit: 300 };
const answer = await answerTo(fineTuning(small));
const [table] = answer.tables;
const names = table.rows.map((row) => row[2]);
const of = (column: string, name: string) => columnOf(table, column)[names.indexOf(name)];

test('fine-tuning begins at a quarter for policies that have no preference among the arms', () => {
  for (const name of ['none', 'soft, planned'])
    expect(of('chosen arm before', name)).toBeCloseTo(of('any arm before', name) / 4, 12);
  expect(of('any arm before', 'soft, planned')).toBeCloseTo(1, 6);
});

test('fine-tuning shows hard policies apart by the arm they came to prefer', () => {
  const [here, elsewhere] = ['hard, this arm', 'hard, another arm'].map((name) =>
    names.includes(name) ? of('runs', name) : 0,
  );
  expect(here + elsewhere).toBe(SEEDS);
  expect(of('any arm before', 'hard, another arm')).toBeGreaterThan(0.99);
  expect(of('chosen arm before', 'hard, another arm')).toBeLessThan(0.5);
});

test('fine-tuning counts what its curves end at', () => {
  const [chart] = answer.charts;
  for (const { name, points } of chart.series) {
    const last = points[points.length - 1];
    expect(last.x).toBe(300);
    expect(last.y).toBeCloseTo(of('within 300', name), 12);
    for (let i = 1; i < points.length; i++)
      expect(points[i].y).toBeGreaterThanOrEqual(points[i - 1].y);
  }
});

test('fine-tuning reaches in few episodes what it has not been turned away from', () => {
  expect(of('within 300', 'none')).toBe(1);
  expect(of('median episodes', 'none')).toBeLessThan(300);
  expect(of('within 300', 'hard, another arm')).toBeLessThan(1);
});

test('fine-tuning is decided by its seed', async () => {
  expect(await answerTo(fineTuning({ ...small, seeds: 6 }), 3)).toEqual(
    await answerTo(fineTuning({ ...small, seeds: 6 }), 3),
  );
});
