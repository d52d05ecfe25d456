import { describe, expect, test } from 'vitest';
import { decisionsPerTrajectory, type Problem } from '../../src/algorithms/problem.ts';
import { countChoices, dataHistograms } from '../../src/evaluation/dataHistograms.ts';
import { summarizeData } from '../../src/evaluation/dataSummary.ts';
import { gridProblem } from '../support/gridProblem.ts';

const problems: [string, Problem][] = [
  ['endless', gridProblem({ kind: 'discounted', discount: 0.9 })],
  ['finite', gridProblem({ kind: 'finite', horizon: 6, discount: 1 })],
  ['goals', gridProblem({ kind: 'undiscounted' })],
];

describe.each(problems)('dataHistograms, %s', (_, problem) => {
  const { trajectories, states } = dataHistograms(problem, (i) => i % 2 === 0);
  const total = (bars: readonly { count: number }[]) => bars.reduce((n, { count }) => n + count, 0);

  test('every trajectory is in the one bar that holds its length', () => {
    const lengths = [...decisionsPerTrajectory(problem)];
    expect(total(trajectories)).toBe(lengths.length);
    for (const { low, high, count, cutOff } of trajectories) {
      expect(lengths.filter((n) => n >= low && n <= high).length).toBe(count);
      expect(lengths.filter((n, i) => n >= low && n <= high && i % 2 === 0).length).toBe(cutOff);
    }
    expect(trajectories.length).toBeLessThanOrEqual(30);
  });

  test('every state with a choice is in the one bar that holds its decisions', () => {
    const { mdp } = problem.world;
    const seen = new Array<number>(mdp.stateCount).fill(0);
    const { state, pair } = problem.trajectories;
    pair.forEach((p, row) => {
      if (p >= 0) seen[state[row]]++;
    });
    expect(total(states)).toBe(mdp.stateCount);
    for (const { low, high, count } of states)
      expect(seen.filter((n) => n >= low && n <= high).length).toBe(count);
  });

  test('choices add up to the decisions, under the names of the world', () => {
    const choices = countChoices(problem) ?? [];
    expect(choices.map(({ action }) => action)).toEqual(problem.world.actionNames);
    expect(total(choices)).toBe(decisionsPerTrajectory(problem).reduce((a, b) => a + b, 0));
  });
});

test('dataHistograms: cut-off trajectories are as many as the summary says', () => {
  const { cutOff, histograms } = summarizeData(problems[1][1], [], []);
  expect(histograms?.trajectories.reduce((n, bar) => n + bar.cutOff, 0)).toBe(cutOff);
});
