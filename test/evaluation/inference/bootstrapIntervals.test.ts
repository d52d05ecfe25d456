import { describe, expect, test } from 'vitest';
import { bootstrapNumbers } from '../../../src/evaluation/inference/bootstrapIntervals.ts';
import { normalQuantile } from '../../../src/numeric/normal.ts';

/** Refits whose estimates are the quantiles of N(mean, deviation²), evenly. */
function normalRefits(count: number, mean: number, deviation: number, error = deviation) {
  return Array.from({ length: count }, (_, i) => ({
    estimate: mean + deviation * normalQuantile((i + 0.5) / count),
    error,
  }));
}

describe('bootstrapNumbers', () => {
  test('of normal draws are those of the normal distribution', () => {
    const { standardError, bias, intervals, reasons } = bootstrapNumbers(
      2,
      0.5,
      normalRefits(20_001, 2.1, 0.5),
      0.9,
    );
    const z = normalQuantile(0.95);
    expect(reasons).toEqual({});
    expect(standardError).toBeCloseTo(0.5, 3);
    expect(bias).toBeCloseTo(0.1, 10);
    expect(intervals.percentile?.[0]).toBeCloseTo(2.1 - 0.5 * z, 3);
    expect(intervals.percentile?.[1]).toBeCloseTo(2.1 + 0.5 * z, 3);
    expect(intervals.basic?.[0]).toBeCloseTo(1.9 - 0.5 * z, 3);
    expect(intervals.basic?.[1]).toBeCloseTo(1.9 + 0.5 * z, 3);
    expect(intervals.studentised?.[0]).toBeCloseTo(1.9 - 0.5 * z, 3);
    expect(intervals.studentised?.[1]).toBeCloseTo(1.9 + 0.5 * z, 3);
  });

  test('studentised intervals stretch with the error of the fit, not with that of the draws', () => {
    const { intervals } = bootstrapNumbers(0, 3, normalRefits(4001, 0, 1, 1), 0.95);
    expect(intervals.studentised?.[1]).toBeCloseTo(3 * normalQuantile(0.975), 1);
  });

  test('quantiles interpolate between order statistics', () => {
    const refits = [5, 1, 4, 2, 3].map((estimate) => ({ estimate, error: null }));
    const { intervals, reasons } = bootstrapNumbers(3, null, refits, 0.6);
    // 0.2 · (5 − 1) = 0.8 of the way from the first to the second.
    expect(intervals.percentile?.[0]).toBeCloseTo(1.8, 12);
    expect(intervals.percentile?.[1]).toBeCloseTo(4.2, 12);
    expect(intervals.studentised).toBeNull();
    expect(reasons).toEqual({ studentised: 'the estimate has no standard error of its own' });
  });

  test('failed draws widen both ends, and take them away where they are too many', () => {
    const some = normalRefits(99, 0, 1);
    const whole = bootstrapNumbers(0, 1, some, 0.9).intervals.percentile;
    const wide = bootstrapNumbers(0, 1, [...some.slice(0, 97), null, null], 0.9);
    // Two of the largest are gone: had they been anything, the upper end could be no higher.
    expect(wide.intervals.percentile?.[1]).toBeGreaterThanOrEqual(whole?.[1] ?? 0);
    expect(wide.intervals.percentile?.[0]).toBeLessThan(whole?.[0] ?? 0);
    const few = bootstrapNumbers(0, 1, [...some.slice(0, 80), ...Array(19).fill(null)], 0.9);
    expect(few.intervals).toEqual({ percentile: null, basic: null, studentised: null });
    expect(few.reasons.percentile).toMatch(/^19 of 99 draws failed/);
    expect(few.standardError).toBeGreaterThan(0);
  });

  test('too few draws have no tail, and none at all no numbers', () => {
    expect(bootstrapNumbers(0, 1, normalRefits(38, 0, 1), 0.95).reasons.basic).toMatch(
      /38 draws have no tail of 2\.5 %: at least 39/,
    );
    expect(bootstrapNumbers(0, 1, normalRefits(39, 0, 1), 0.95).intervals.basic).not.toBeNull();
    const none = bootstrapNumbers(0, 1, [null, null], 0.5);
    expect([none.standardError, none.bias]).toEqual([null, null]);
    expect(Object.keys(none.reasons).sort()).toEqual(
      ['basic', 'bias', 'percentile', 'standardError', 'studentised'].sort(),
    );
  });
});
