import { expect, test } from 'vitest';
import { meanInterval } from '../../../src/evaluation/inference/meanInterval.ts';
import { medianInterval } from '../../../src/evaluation/inference/medianInterval.ts';
import { wilsonInterval } from '../../../src/evaluation/inference/wilsonInterval.ts';
import { normalQuantile } from '../../../src/numeric/normal.ts';
import { createRng } from '../../../src/numeric/rng.ts';

test('meanInterval covers the mean of normal samples as often as it says', () => {
  const rng = createRng(1, 'means');
  let covered = 0;
  for (let i = 0; i < 4000; i++) {
    const { low, high } = meanInterval(Array.from({ length: 5 }, () => normalQuantile(rng())));
    covered += Number(low <= 0 && high >= 0);
  }
  // four standard errors of the share
  expect(Math.abs(covered / 4000 - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 4000));
});

test('meanInterval is a textbook interval', () => {
  const { value, low, high } = meanInterval([1, 2, 3, 4]);
  const half = (3.18244630528 * Math.sqrt(5 / 3)) / 2;
  expect(value).toBe(2.5);
  expect(low).toBeCloseTo(2.5 - half, 9);
  expect(high).toBeCloseTo(2.5 + half, 9);
  expect(() => meanInterval([1])).toThrow('at least two values, got 1');
});

test('medianInterval takes the order statistics that the binomial asks for', () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);
  // Conover (1999), table A3 and others print these ranks
  expect(medianInterval(upTo(6))).toEqual({ value: 3.5, low: 1, high: 6 });
  expect(medianInterval(upTo(10))).toEqual({ value: 5.5, low: 2, high: 9 });
  expect(medianInterval(upTo(20))).toEqual({ value: 10.5, low: 6, high: 15 });
  expect(medianInterval(upTo(25))).toEqual({ value: 13, low: 8, high: 18 });
  expect(() => medianInterval(upTo(5))).toThrow('5 values are too few');
});

test('medianInterval takes what never happened as later than all that did', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, Infinity, Infinity, Infinity];
  expect(medianInterval(values)).toEqual({ value: 5.5, low: 2, high: Infinity });
  expect(medianInterval(new Array<number>(8).fill(Infinity)).value).toBe(Infinity);
});

test('medianInterval covers the median of a skewed distribution at least as often as it says', () => {
  const rng = createRng(2, 'medians');
  let covered = 0;
  for (let i = 0; i < 4000; i++) {
    const { low, high } = medianInterval(Array.from({ length: 15 }, () => -Math.log1p(-rng())));
    covered += Number(low <= Math.LN2 && high >= Math.LN2);
  }
  expect(covered / 4000).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / 4000));
});

test('wilsonInterval ends where the score test rejects', () => {
  for (const [successes, trials] of [
    [3, 20],
    [10, 20],
    [0, 20],
    [20, 20],
    [499, 1000],
  ]) {
    const { value, low, high } = wilsonInterval(successes, trials);
    expect(value).toBe(successes / trials);
    for (const [end, limit] of [
      [low, 0],
      [high, 1],
    ]) {
      if (end === limit) continue;
      const score = (value - end) / Math.sqrt((end * (1 - end)) / trials);
      expect(Math.abs(score)).toBeCloseTo(1.959964, 5);
    }
  }
  expect(wilsonInterval(0, 20).low).toBe(0);
  expect(wilsonInterval(20, 20).high).toBe(1);
  expect(() => wilsonInterval(3, 2)).toThrow('from 0 to 2, got 3');
  expect(() => wilsonInterval(0, 0)).toThrow('at least one trial, got 0');
});
