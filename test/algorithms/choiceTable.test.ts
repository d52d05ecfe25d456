import { expect, test } from 'vitest';
import {
  countChoices,
  scoreChoices,
  scoreSmoothings,
  tableLayout,
} from '../../src/algorithms/choiceTable.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import { gridProblem } from '../support/gridProblem.ts';

test('scoreSmoothings is scoreChoices for every α, to the last bit', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0.9 }, 12);
  const layout = tableLayout(problem, false);
  const part = (inside: boolean) =>
    countChoices(
      layout,
      selectTrajectories(problem.trajectories, (i) => i < 3 === inside),
    );
  const [train, choices] = [part(true), part(false)];
  // Some of what is predicted was never seen.
  expect([...choices.keys()].some((key) => !train.has(key))).toBe(true);
  const alphas = [1e-3, 0.1, 1, 10];
  const scores = new Float64Array(alphas.length);
  scoreSmoothings(train, choices, alphas, scores);
  expect([...scores]).toEqual(alphas.map((alpha) => scoreChoices(train, choices, alpha)));
});
