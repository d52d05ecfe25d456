import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/numeric/normal.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { meanInterval, wilsonInterval } from '../../src/numeric/sampleIntervals.ts';

test('wilsonInterval ends where the score test of a share rejects: (p̂ − p)² = z² p (1 − p) / n', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, u) => {
        const successes = Math.round(u * n);
        const { estimate, low, high } = wilsonInterval(successes, n, 0.9);
        const z = normalQuantile(0.95);
        for (const p of [low, high])
          expect((estimate - p) ** 2).toBeCloseTo((z * z * p * (1 - p)) / n, 12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
      },
    ),
  );
});

test('wilsonInterval covers a share at about its level, by exact enumeration', () => {
  const n = 50;
  for (const p of [0.05, 0.3, 0.5]) {
    let covered = 0;
    let chance = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      const { low, high } = wilsonInterval(k, n);
      if (low <= p && p <= high) covered += chance;
      chance *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    expect(covered).toBeGreaterThan(0.92);
    expect(covered).toBeLessThan(0.99);
  }
});

test('meanInterval covers a mean at about its level', () => {
  const rng = createRng(1, 'coverage');
  let covered = 0;
  for (let repeat = 0; repeat < 2000; repeat++) {
    const { low, high } = meanInterval(Float64Array.from({ length: 40 }, () => rng()));
    if (low <= 0.5 && 0.5 <= high) covered++;
  }
  // ± 4 standard errors of a share of 2,000
  expect(Math.abs(covered / 2000 - 0.945)).toBeLessThan(0.025);
});

test('meanInterval has no width where all values are equal', () => {
  expect(meanInterval([3, 3, 3])).toEqual({ estimate: 3, low: 3, high: 3 });
});

test('intervals refuse what has none', () => {
  expect(() => wilsonInterval(3, 2)).toThrow('got 3 in 2');
  expect(() => wilsonInterval(0, 0)).toThrow('got 0 in 0');
  expect(() => meanInterval([1])).toThrow('at least 2 values, got 1');
  expect(() => meanInterval([1, 2], 1)).toThrow('must be in (0, 1), got 1');
});
