import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lbfgs } from '../../src/optimizers/lbfgs.ts';
import { runToEnd } from '../../src/optimizers/minimizer.ts';
import { trustRegionNewton } from '../../src/optimizers/trustRegionNewton.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  counted,
  logBarrier,
  logistic,
  quadratic,
  rosenbrock,
  withSpectrum,
} from './testObjectives.ts';

const runs = { seed: 5, numRuns: 60 };

test('lbfgs follows the valley of Rosenbrock to its end', () => {
  const minimum = runToEnd(lbfgs.minimize(rosenbrock(), Float64Array.of(-1.2, 1)));
  expect(minimum.stop).toBe('converged');
  expect(minimum.x[0]).toBeCloseTo(1, 7);
  expect(minimum.x[1]).toBeCloseTo(1, 7);
  expect(minimum.evaluations).toBeLessThan(80);
});

test('lbfgs agrees with Newton on convex quadratics in a box, where the KKT conditions hold', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, size) => {
      const random = seededRandom(seed);
      const spectrum = Array.from({ length: size }, () => 10 ** random.between(-1, 2));
      const matrix = withSpectrum(random, spectrum);
      const center = Float64Array.from(spectrum, () => 2 * random.normal());
      const start = Float64Array.from(spectrum, () => random.normal());
      const bounds = {
        lower: start.map((x) => (random.chance(0.5) ? x - random.uniform() : -Infinity)),
        upper: start.map((x) => (random.chance(0.5) ? x + random.uniform() : Infinity)),
      };
      const minimum = runToEnd(lbfgs.minimize(quadratic(matrix, center), start, bounds));
      const exact = runToEnd(trustRegionNewton.minimize(quadratic(matrix, center), start, bounds));
      expect(minimum.stop).toBe('converged');
      minimum.x.forEach((x, i) => {
        const slope = minimum.gradient[i];
        if (slope > 1e-8) expect(x).toBe(bounds.lower[i]);
        if (slope < -1e-8) expect(x).toBe(bounds.upper[i]);
        // ‖x − x*‖ ≤ ‖∇f‖ / λ, at most 1e-8 · √8 / 0.1
        expect(Math.abs(x - exact.x[i])).toBeLessThan(3e-7);
      });
    }),
    runs,
  );
});

test('lbfgs agrees with Newton on logistic regressions, at more evaluations', () => {
  for (const seed of [1, 2, 3, 4]) {
    const start = new Float64Array(5);
    const minimum = runToEnd(lbfgs.minimize(logistic(seed, 5, 150, 1e-2), start));
    const exact = runToEnd(trustRegionNewton.minimize(logistic(seed, 5, 150, 1e-2), start));
    expect(minimum.stop).toBe('converged');
    expect(minimum.evaluations).toBeLessThan(40);
    expect(exact.evaluations).toBeLessThanOrEqual(minimum.evaluations);
    minimum.x.forEach((x, i) => {
      expect(x).toBeCloseTo(exact.x[i], 5);
    });
  }
});

test('lbfgs gets through a condition number of 1e8', () => {
  const center = Float64Array.of(1, -2, 3, -4, 5);
  const matrix = withSpectrum(seededRandom(2), [1, 1e2, 1e4, 1e6, 1e8]);
  const minimum = runToEnd(lbfgs.minimize(quadratic(matrix, center), new Float64Array(5)));
  expect(minimum.stop).toBe('converged');
  minimum.x.forEach((x, i) => {
    expect(x).toBeCloseTo(center[i], 6);
  });
});

test('lbfgs leaves the null space of a singular quadratic alone', () => {
  const matrix = Float64Array.of(1, 2, 2, 4);
  const minimum = runToEnd(
    lbfgs.minimize(quadratic(matrix, Float64Array.of(0, 0)), Float64Array.of(5, 1)),
  );
  expect(minimum.stop).toBe('converged');
  // (2, −1) spans the null space; round-off is all that may move along it.
  expect(2 * minimum.x[0] - minimum.x[1]).toBeCloseTo(9, 10);
});

test('lbfgs backs away from where f is infinite', () => {
  const minimum = runToEnd(lbfgs.minimize(logBarrier([1, 10, 1000]), Float64Array.of(50, 20, 3)));
  expect(minimum.stop).toBe('converged');
  [1, 0.1, 0.001].forEach((expected, i) => {
    expect(minimum.x[i] / expected).toBeCloseTo(1, 6);
  });
});

test('lbfgs says line-search-failed at a wall with a slope towards it', () => {
  const wall = counted(
    1,
    ([x], gradient) => {
      gradient[0] = -1;
      return x <= Math.SQRT2 ? -x : Infinity;
    },
    () => {},
  );
  const minimum = runToEnd(lbfgs.minimize(wall, Float64Array.of(0)));
  expect(minimum.stop).toBe('line-search-failed');
  expect(minimum.x[0]).toBeCloseTo(Math.SQRT2, 10);
});

test('lbfgs converges by the gradient where changes of f drown in its round-off', () => {
  const smooth = logistic(3, 4, 80, 1e-2);
  const random = seededRandom(1);
  const noisy = {
    size: 4,
    evaluate: (x: Float64Array, gradient: Float64Array) =>
      smooth.evaluate(x, gradient) + 1e-11 * random.normal(),
  };
  const minimum = runToEnd(lbfgs.minimize(noisy, Float64Array.of(2, 2, 2, 2)));
  expect(minimum.stop).toBe('converged');
  expect(minimum.evaluations).toBeLessThan(40);
});
