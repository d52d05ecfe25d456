import { expect, test } from 'vitest';
import { type GoalName, goals, goalsOf, judge } from '../../src/bench/goals.ts';
import { benchmarkNames } from '../../src/bench/registry.ts';

const names = Object.keys(goals) as GoalName[];

test('every goal belongs to a group, and every group has a goal', () => {
  expect(benchmarkNames.flatMap(goalsOf).sort()).toEqual([...names].sort());
  for (const name of benchmarkNames) expect(goalsOf(name)).not.toEqual([]);
});

test.each(names)('judge passes %s on the good side of its limit only', (name) => {
  const { limit, want } = goals[name];
  const good = want === 'at most' ? 0.9 * limit : 1.1 * limit;
  const bad = want === 'at most' ? 1.1 * limit : 0.9 * limit;
  expect(judge(name, good).outcome).toBe('pass');
  expect(judge(name, limit).outcome).toBe('pass');
  expect(judge(name, bad).outcome).toBe('fail');
  expect(judge(name, Number.NaN).outcome).toBe('fail');
});

test('judge says why a goal was skipped', () => {
  const verdict = judge('sweep-32', { skipped: 'there is no gcc' });
  expect(verdict).toMatchObject({ outcome: 'skipped', reason: 'there is no gcc', measured: null });
});
