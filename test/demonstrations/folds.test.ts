import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { dealFolds } from '../../src/demonstrations/folds.ts';

test('dealFolds deals every trajectory once, into folds whose sizes differ by at most one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: 2, max: 60 }),
      fc.string(),
      (a, b, seed) => {
        const [foldCount, count] = a < b ? [a, b] : [b, a];
        const folds = dealFolds(count, foldCount, seedrandom(seed));
        expect(folds).toHaveLength(count);
        const sizes = new Array<number>(foldCount).fill(0);
        for (const fold of folds) sizes[fold]++;
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      },
    ),
    { seed: 1 },
  );
});

test('dealFolds depends on its random draws alone', () => {
  const deal = (seed: string) => Array.from(dealFolds(100, 5, seedrandom(seed)));
  expect(deal('one')).toEqual(deal('one'));
  expect(deal('one')).not.toEqual(deal('two'));
});

test('dealFolds puts each trajectory in each fold equally often', () => {
  const uniform = seedrandom('often');
  const draws = 6000;
  const counts = new Array<number>(12).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const folds = dealFolds(4, 3, uniform);
    folds.forEach((fold, i) => {
      counts[3 * i + fold]++;
    });
  }
  // Folds 0, 1, 2 have 2, 1, 1 places; five standard deviations of a count of 6000 draws.
  counts.forEach((count, k) => {
    const p = k % 3 === 0 ? 1 / 2 : 1 / 4;
    expect(Math.abs(count - draws * p)).toBeLessThan(5 * Math.sqrt(draws * p * (1 - p)));
  });
});

test.each([
  [10, 1],
  [10, 2.5],
  [3, 4],
])('dealFolds refuses %i trajectories in %d folds', (count, folds) => {
  expect(() => dealFolds(count, folds, () => 0.5)).toThrow(RangeError);
});
