/** Tails and quantiles against 60-digit arithmetic, closed forms and each other. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareCdf, chiSquareQuantile, chiSquareTail } from '../../src/numeric/chiSquare.ts';
import { chiSquareSumTail } from '../../src/numeric/chiSquareSum.ts';
import { gammaTails } from '../../src/numeric/gammaTail.ts';
import { normalCdf, normalQuantile, normalTwoSided } from '../../src/numeric/normal.ts';
import { readReference } from '../support/references.ts';

const reference = readReference<{
  tails: [degrees: number, x: number, lower: number, upper: number][];
  normal: [z: number, probability: number][];
  normalQuantile: [probability: number, z: number][];
  chiSquareQuantile: [degrees: number, probability: number, x: number][];
}>('distributions');

/** Relative error; absolute where 0 is wanted. */
function error(actual: number, wanted: number): number {
  return wanted === 0 ? Math.abs(actual) : Math.abs(actual / wanted - 1);
}

describe('against mpmath', () => {
  test('chi-square tails', () => {
    for (const [degrees, x, lower, upper] of reference.tails) {
      // What is left of 1 beside a tiny probability cannot be more exact than 1 is.
      const small = Math.min(lower, upper);
      const [actual, other] =
        small === lower
          ? [chiSquareCdf(x, degrees), chiSquareTail(x, degrees)]
          : [chiSquareTail(x, degrees), chiSquareCdf(x, degrees)];
      const wanted = `${small} at ${x} with ${degrees} degrees`;
      if (small > 1e-300) expect(error(actual, small), wanted).toBeLessThan(3e-13);
      expect(other, wanted).toBeCloseTo(Math.max(lower, upper), 12);
    }
  });

  test('normal probabilities', () => {
    for (const [z, probability] of reference.normal)
      expect(error(normalCdf(z), probability), `Φ(${z})`).toBeLessThan(3e-13);
  });

  test('normal quantiles', () => {
    for (const [probability, z] of reference.normalQuantile)
      expect(error(normalQuantile(probability), z), `at ${probability}`).toBeLessThan(1e-13);
  });

  test('chi-square quantiles', () => {
    for (const [degrees, probability, x] of reference.chiSquareQuantile)
      expect(
        error(chiSquareQuantile(probability, degrees), x),
        `at ${probability} with ${degrees} degrees`,
      ).toBeLessThan(3e-13);
  });
});

describe('against closed forms', () => {
  test('two degrees of freedom are exponential', () => {
    for (const x of [1e-8, 0.5, 3, 40, 300])
      expect(error(chiSquareTail(x, 2), Math.exp(-x / 2))).toBeLessThan(2e-13);
  });

  test('four more make a sum of Poisson probabilities', () => {
    for (const x of [0.1, 2, 30])
      expect(
        error(chiSquareTail(x, 6), Math.exp(-x / 2) * (1 + x / 2 + (x / 2) ** 2 / 2)),
      ).toBeLessThan(1e-13);
  });

  test('one degree of freedom is a squared normal', () => {
    for (const z of [0.01, 0.7, 1.96, 6, 20]) {
      expect(error(chiSquareTail(z * z, 1), 2 * normalCdf(-z))).toBeLessThan(1e-13);
      expect(normalTwoSided(-z)).toBe(chiSquareTail(z * z, 1));
    }
    expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(normalQuantile(0.975) ** 2, 12);
  });
});

test('quantiles and probabilities undo each other', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
      fc.double({ min: 0.5, max: 300, noNaN: true }),
      (probability, degrees) => {
        const x = chiSquareQuantile(probability, degrees);
        expect(Math.abs(chiSquareCdf(x, degrees) - probability)).toBeLessThan(1e-12);
        expect(Math.abs(normalCdf(normalQuantile(probability)) - probability)).toBeLessThan(1e-14);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

test('the incomplete gamma function steps by a as Γ does', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 80, noNaN: true }),
      fc.double({ min: 0, max: 200, noNaN: true }),
      (a, x) => {
        // d/dx Q(a + 1, x) = xᵃ e⁻ˣ / Γ(a + 1) and Q(a + 1) − Q(a) is that itself
        const step = gammaTails(a, x).lower - gammaTails(a + 1, x).lower;
        expect(step).toBeGreaterThanOrEqual(-1e-13);
        const { lower, upper } = gammaTails(a, x);
        expect(lower + upper).toBeCloseTo(1, 12);
      },
    ),
    { seed: 4, numRuns: 300 },
  );
});

describe('weighted sums of squares', () => {
  test('with equal weights are chi-square', () => {
    for (const [x, weight, count] of [
      [3, 1, 4],
      [0.7, 0.1, 3],
      [40, 2, 1],
    ])
      expect(
        error(chiSquareSumTail(x, new Array(count).fill(weight)), chiSquareTail(x / weight, count)),
      ).toBeLessThan(1e-12);
  });

  test('in pairs are sums of exponentials', () => {
    // Pr(a E₁ + b E₂ > x) with E exponential of mean 2: (a e^{−x/2a} − b e^{−x/2b}) / (a − b).
    for (const [a, b] of [
      [1, 0.5],
      [3, 0.01],
      [1, 0.9999],
    ])
      for (const x of [0.01, 1, 5, 30]) {
        const wanted = (a * Math.exp(-x / (2 * a)) - b * Math.exp(-x / (2 * b))) / (a - b);
        expect(Math.abs(chiSquareSumTail(x, [a, b, a, b]) - wanted)).toBeLessThan(2e-11);
      }
  });

  test('count weights that are next to nothing by their mean', () => {
    expect(chiSquareSumTail(4, [1, 1e-7, 0])).toBeCloseTo(chiSquareTail(4, 1), 7);
    expect(chiSquareSumTail(1, [0, 0])).toBe(0);
    expect(chiSquareSumTail(-1, [1])).toBe(1);
    expect(() => chiSquareSumTail(1, [-1])).toThrow(/weights ≥ 0/);
  });
});

test('ends are where they belong, and nonsense is refused', () => {
  expect(chiSquareTail(-3, 2)).toBe(1);
  expect(chiSquareTail(Number.POSITIVE_INFINITY, 2)).toBe(0);
  expect(chiSquareQuantile(0, 3)).toBe(0);
  expect(chiSquareQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
  // The quantile is 10⁻³⁶⁰, which is no number.
  expect(chiSquareQuantile(1e-9, 0.05)).toBe(0);
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(normalQuantile(0.5)).toBe(0);
  expect(() => chiSquareTail(1, 0)).toThrow(/shape must be positive/);
  expect(() => chiSquareTail(Number.NaN, 1)).toThrow(/limit/);
  expect(() => normalQuantile(1.1)).toThrow(/probability is in \[0, 1\]/);
});
