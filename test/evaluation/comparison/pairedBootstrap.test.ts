import { expect, test } from 'vitest';
import { bootstrapRatios } from '../../../src/evaluation/comparison/pairedBootstrap.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

test('bootstrapRatios covers a known mean as often as it says', () => {
  const repeats = 200;
  const rng = createRng(1, 'data');
  let covered = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    // twelve uniforms less six: mean 0.3, variance 1
    const numerator = Float64Array.from({ length: 80 }, () => {
      let sum = 0.3 - 6;
      for (let k = 0; k < 12; k++) sum += rng();
      return sum;
    });
    const ratios = [{ numerator, denominator: ones(80) }];
    const [interval] = bootstrapRatios(ratios, 400, 0.95, createRng(repeat, 'draws'));
    if (interval && interval[0] <= 0.3 && 0.3 <= interval[1]) covered++;
  }
  // 190 expected; the binomial's own spread is 3, and percentile intervals are a little short
  expect(covered).toBeGreaterThan(178);
  expect(covered).toBeLessThan(200);
});

test('bootstrapRatios has the width of the normal theory, ±1.96 s / √n', () => {
  const n = 400;
  const numerator = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const mean = numerator.reduce((a, b) => a + b, 0) / n;
  const s = Math.sqrt(numerator.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  const ratios = [{ numerator, denominator: ones(n) }];
  const [interval] = bootstrapRatios(ratios, 4000, 0.95, createRng(0, 'draws'));
  const [low, high] = interval ?? [Number.NaN, Number.NaN];
  // 4,000 draws place a 2.5 % quantile within about 4 % of the half-width
  expect((high - mean) / ((1.96 * s) / Math.sqrt(n))).toBeCloseTo(1, 1);
  expect((mean - low) / ((1.96 * s) / Math.sqrt(n))).toBeCloseTo(1, 1);
});

test('bootstrapRatios draws the same units for all ratios', () => {
  const numerator = Float64Array.from({ length: 20 }, (_, i) => (i * i) % 7);
  const twice = numerator.map((x) => 2 * x);
  const ratios = [numerator, twice].map((n) => ({ numerator: n, denominator: ones(20) }));
  const [one, other] = bootstrapRatios(ratios, 100, 0.95, createRng(0, 'draws'));
  expect(other).toEqual(one?.map((x) => 2 * x));
});

test('bootstrapRatios of equal units is a point, of one unit or none nothing', () => {
  const constant = { numerator: ones(9).map(() => -3), denominator: ones(9).map(() => 2) };
  expect(bootstrapRatios([constant], 50, 0.95, createRng(0, 'draws'))).toEqual([[-1.5, -1.5]]);
  const single = { numerator: ones(1), denominator: ones(1) };
  expect(bootstrapRatios([single], 50, 0.95, createRng(0, 'draws'))).toEqual([null]);
  expect(bootstrapRatios([], 50, 0.95, createRng(0, 'draws'))).toEqual([]);
});

test('bootstrapRatios gives no interval where draws may hold no weight', () => {
  const sparse = { numerator: Float64Array.of(1, 0, 0), denominator: Float64Array.of(1, 0, 0) };
  expect(bootstrapRatios([sparse], 200, 0.95, createRng(0, 'draws'))).toEqual([null]);
});
