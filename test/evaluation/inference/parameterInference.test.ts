/** Intervals of shares against the log-odds that they are made of. */

import { expect, test } from 'vitest';
import { shareInference } from '../../../src/evaluation/inference/parameterInference.ts';

const errors = { hessian: 0.2, outerProduct: 0.01, outerProductTrajectory: null, sandwich: 0.2 };
const found = { errors, reasons: { outerProductTrajectory: 'too few' } };

test('shareInference stays between 0 and 1, and is Wald where the error is small', () => {
  const { intervals } = shareInference(0.85, found);
  const [low, high] = intervals.hessian ?? [0, 1];
  expect(low).toBeGreaterThan(0);
  expect(high).toBeLessThan(1);
  // Both ends are as far from the estimate in log-odds: 1.96 · 0.2 / (0.85 · 0.15).
  const logit = (p: number): number => Math.log(p / (1 - p));
  const reach = (1.959963984540054 * 0.2) / (0.85 * 0.15);
  expect(logit(high) - logit(0.85)).toBeCloseTo(reach, 9);
  expect(logit(0.85) - logit(low)).toBeCloseTo(reach, 9);
  const [near, far] = intervals.outerProduct ?? [0, 0];
  expect(near).toBeCloseTo(0.85 - 1.96 * 0.01, 2);
  expect(far).toBeCloseTo(0.85 + 1.96 * 0.01, 2);
});

test('shareInference tests no share against 0, and says why', () => {
  const { z, p, intervals } = shareInference(0.5, found);
  for (const none of [z, p]) {
    expect(none.sandwich).toBeNull();
    expect(none.reasons.sandwich).toContain('compare numbers of classes');
    expect(none.reasons.outerProductTrajectory).toBe('too few');
  }
  expect(intervals.outerProductTrajectory).toBeNull();
});
