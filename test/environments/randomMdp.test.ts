import { expect, test } from 'vitest';
import { randomMdp, randomWorld } from '../../src/environments/randomMdp.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

test('randomMdp has distinct successors with positive probabilities that sum to one', () => {
  for (const [states, actions, successors] of [
    [1, 1, 1],
    [6, 3, 6],
    [40, 2, 5],
  ]) {
    const mdp = randomMdp({ states, actions, successors }, createRng(1, 'test'));
    const matrix = transitionMatrix(mdp);
    expect(matrix).toHaveLength(states * actions);
    for (const row of matrix) expect(row.filter((p) => p > 0)).toHaveLength(successors);
  }
});

test('randomMdp draws each successor, and each share of the simplex, equally often', () => {
  const states = 10;
  const successors = 3;
  const mdp = randomMdp({ states, actions: 2_000, successors }, createRng(0, 'test'));
  const pairs = mdp.pairCount;
  const seen = new Float64Array(states);
  const squares = new Float64Array(successors);
  mdp.nextState.forEach((s, k) => {
    seen[s]++;
    squares[k % successors] += mdp.probability[k] ** 2 / pairs;
  });
  const share = successors / states;
  const deviation = Math.sqrt((share * (1 - share)) / pairs);
  for (const count of seen) expect(Math.abs(count / pairs - share)).toBeLessThan(5 * deviation);
  // uniform on the simplex of 3: E[p²] = 2 / (3 · 4), with variance at most E[p⁴] = 1 / 15
  for (const mean of squares) {
    expect(Math.abs(mean - 1 / 6)).toBeLessThan(5 * Math.sqrt(1 / 15 / pairs));
  }
});

test('randomMdp is decided by its stream', () => {
  const draw = (seed: number) => randomMdp({ states: 20 }, createRng(seed, 'test'));
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});

test('randomMdp refuses more successors than states', () => {
  expect(() => randomMdp({ states: 2, successors: 3 }, createRng(0, 'test'))).toThrow(
    'at most 2 (the states), got 3',
  );
});

test('randomWorld names states and actions by number', () => {
  const world = randomWorld({ states: 3, actions: 2 }, createRng(0, 'test'));
  expect(world.stateNames).toEqual(['0', '1', '2']);
  expect(world.actionNames).toEqual(['0', '1']);
  expect([...world.pairAction]).toEqual([0, 1, 0, 1, 0, 1]);
});
