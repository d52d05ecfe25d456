/** What a task is refused for: mistakes that would otherwise be planned with in silence. */

import { expect, test } from 'vitest';
import { type Outcome, tabularTask } from '../../src/environments/tabularTask.ts';

const build = (change: Partial<Outcome>, initial: number | Float64Array = 0) =>
  tabularTask({
    stateNames: ['here', 'there'],
    actionNames: ['go'],
    outcomes: () => [{ to: 1, probability: 1, reward: 0, ...change }],
    initial,
  });

test('tabularTask begins where it is told to', () => {
  expect([...build({}, 1).initial]).toEqual([0, 1]);
  expect([...build({}, Float64Array.of(0.25, 0.75)).initial]).toEqual([0.25, 0.75]);
});

test.each([
  [() => build({ to: 7 }), 'action go in state 0 must lead to one of 0 … 1, got 7'],
  [() => build({ to: 0.5 }), 'must lead to one of 0 … 1, got 0.5'],
  [() => build({ reward: Number.NaN }), 'must pay a finite reward, got NaN'],
  [() => build({ probability: 0.5 }), 'must have probabilities ≥ 0 that sum to 1, got 0.5'],
  [() => build({ probability: -1 }), 'must have probabilities ≥ 0 that sum to 1, got NaN'],
  [() => build({}, 5), 'it begins in one of 0 … 1, got 5'],
  [() => build({}, Float64Array.of(1)), 'starts are 2 probabilities ≥ 0 that sum to 1, got 1'],
  [() => build({}, Float64Array.of(1, 1)), 'got 2 with a sum of 2'],
])('tabularTask refuses what is no task %#', (refused, said) => {
  expect(refused).toThrow(said);
});
