import fc from 'fast-check';
import { expect, test } from 'vitest';
import { symmetricEigen } from '../../src/numeric/symmetricEigen.ts';
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

const runs = { seed: 9, numRuns: 60 };

test('trustRegionNewton solves a convex quadratic in one step, also at condition 1e8', () => {
  const center = Float64Array.of(1, -2, 3, -4, 5);
  for (const top of [1, 1e8]) {
    const spectrum = [1, 2, 3, 4, 5].map((k) => top ** (k / 5));
    const matrix = withSpectrum(seededRandom(2), spectrum);
    const objective = quadratic(matrix, center);
    const minimum = runToEnd(trustRegionNewton.minimize(objective, new Float64Array(5)));
    expect(minimum.stop).toBe('converged');
    // The first step, and those that take it to round-off.
    expect(minimum.evaluations).toBeLessThanOrEqual(4);
    minimum.x.forEach((x, i) => {
      expect(Math.abs(x / center[i] - 1)).toBeLessThan(1e-10);
    });
  }
});

test('trustRegionNewton needs under ten iterations for a logistic regression', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const minimum = runToEnd(
      trustRegionNewton.minimize(logistic(seed, 6, 200, 1e-3), new Float64Array(6)),
    );
    expect(minimum.stop).toBe('converged');
    expect(minimum.iterations).toBeLessThan(10);
    // Polished to a thousandth of the tolerance of 1e-8, at least.
    expect(minimum.gradientNorm).toBeLessThanOrEqual(1e-11);
  }
});

test('trustRegionNewton finds the end of the valley of Rosenbrock', () => {
  const minimum = runToEnd(trustRegionNewton.minimize(rosenbrock(), Float64Array.of(-1.2, 1)));
  expect(minimum.stop).toBe('converged');
  expect(minimum.x[0]).toBeCloseTo(1, 12);
  expect(minimum.x[1]).toBeCloseTo(1, 12);
});

test('trustRegionNewton does not move along the null space of a singular Hessian', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, nullity) => {
      const random = seededRandom(seed);
      const matrix = withSpectrum(random, [...new Array(nullity).fill(0), 1, 10, 1000]);
      const size = nullity + 3;
      const center = Float64Array.from({ length: size }, () => random.normal());
      const start = Float64Array.from({ length: size }, () => random.normal());
      const minimum = runToEnd(trustRegionNewton.minimize(quadratic(matrix, center), start));
      expect(minimum.stop).toBe('converged');
      const { vectors } = symmetricEigen(matrix, size);
      for (let j = 0; j < nullity; j++) {
        let moved = 0;
        for (let i = 0; i < size; i++) moved += vectors[j * size + i] * (minimum.x[i] - start[i]);
        // A is singular up to round-off only, 1e-16 · 1000.
        expect(Math.abs(moved)).toBeLessThan(1e-11);
      }
    }),
    runs,
  );
});

test('trustRegionNewton leaves collinear features of unequal size where their sum is silent', () => {
  const matrix = Float64Array.of(1, 1000, 1000, 1e6);
  const minimum = runToEnd(
    trustRegionNewton.minimize(quadratic(matrix, Float64Array.of(0, 0)), Float64Array.of(5, 1)),
  );
  expect(minimum.stop).toBe('converged');
  expect(1000 * minimum.x[0] - minimum.x[1]).toBeCloseTo(4999, 7);
});

test('trustRegionNewton leaves a saddle, where the gradient vanishes too', () => {
  const saddle = counted(
    2,
    ([x, y], gradient) => {
      gradient.set([x, y ** 3 - y]);
      return x ** 2 / 2 + y ** 4 / 4 - y ** 2 / 2;
    },
    ([, y], out) => out.set([1, 0, 0, 3 * y ** 2 - 1]),
  );
  const minimum = runToEnd(trustRegionNewton.minimize(saddle, Float64Array.of(1, 0)));
  expect(minimum.stop).toBe('converged');
  expect(Math.abs(minimum.x[1])).toBeCloseTo(1, 10);
});

test('trustRegionNewton shrinks its steps where f is infinite', () => {
  const minimum = runToEnd(
    trustRegionNewton.minimize(logBarrier([1, 10, 1000]), Float64Array.of(50, 20, 3)),
  );
  expect(minimum.stop).toBe('converged');
  [1, 0.1, 0.001].forEach((expected, i) => {
    expect(minimum.x[i] / expected).toBeCloseTo(1, 10);
  });
});

test('trustRegionNewton satisfies the KKT conditions in a box, in a handful of evaluations', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 10 }), (seed, size) => {
      const random = seededRandom(seed);
      const matrix = withSpectrum(
        random,
        Array.from({ length: size }, () => 10 ** random.between(-3, 3)),
      );
      const center = Float64Array.from({ length: size }, () => 3 * random.normal());
      const start = center.map(() => random.normal());
      const lower = start.map((x) => (random.chance(0.5) ? x - random.uniform() : -Infinity));
      const upper = start.map((x) => (random.chance(0.5) ? x + random.uniform() : Infinity));
      const minimum = runToEnd(
        trustRegionNewton.minimize(quadratic(matrix, center), start, { lower, upper }),
      );
      expect(minimum.stop).toBe('converged');
      expect(minimum.evaluations).toBeLessThan(12);
      minimum.gradient.forEach((slope, i) => {
        if (slope > 1e-8) expect(minimum.x[i]).toBe(lower[i]);
        if (slope < -1e-8) expect(minimum.x[i]).toBe(upper[i]);
      });
    }),
    runs,
  );
});

test('trustRegionNewton goes by the gradient where changes of f drown in its round-off', () => {
  const smooth = logistic(3, 4, 80, 1e-2);
  const random = seededRandom(1);
  const noisy = {
    ...smooth,
    evaluate: (x: Float64Array, gradient: Float64Array) =>
      smooth.evaluate(x, gradient) + 1e-11 * random.normal(),
  };
  const minimum = runToEnd(trustRegionNewton.minimize(noisy, Float64Array.of(2, 2, 2, 2)));
  expect(minimum.stop).toBe('converged');
  expect(minimum.gradientNorm).toBeLessThanOrEqual(1e-11);
  expect(minimum.evaluations).toBeLessThan(20);
});

test('trustRegionNewton stops at the floor of round-off instead of looping on it', () => {
  // ∇f cannot be computed better than 1e-7, so a tolerance of 1e-8 is out of reach.
  const rough = counted(
    1,
    ([x], gradient) => {
      gradient[0] = Math.abs(x) < 1e-7 ? 1e-7 : x;
      return 1 + 0.5 * x ** 2;
    },
    (_, out) => out.fill(1),
  );
  const minimum = runToEnd(trustRegionNewton.minimize(rough, Float64Array.of(3)));
  expect(minimum.stop).toBe('line-search-failed');
  expect(minimum.gradientNorm).toBeLessThanOrEqual(1e-7);
  expect(minimum.evaluations).toBeLessThan(60);
});

test('trustRegionNewton says line-search-failed at a wall with a slope towards it', () => {
  const wall = counted(
    1,
    ([x], gradient) => {
      gradient[0] = -1;
      return x <= Math.SQRT2 ? -x : Infinity;
    },
    (_, out) => out.fill(0),
  );
  const minimum = runToEnd(trustRegionNewton.minimize(wall, Float64Array.of(0)));
  expect(minimum.stop).toBe('line-search-failed');
  expect(minimum.x[0]).toBeCloseTo(Math.SQRT2, 9);
});

test('trustRegionNewton says not-finite where the Hessian is not', () => {
  const broken = {
    ...rosenbrock(),
    hessian: (_: Float64Array, out: Float64Array) => out.fill(NaN),
  };
  const minimum = runToEnd(trustRegionNewton.minimize(broken, Float64Array.of(0, 0)));
  expect(minimum.stop).toBe('not-finite');
});

test('trustRegionNewton needs a Hessian', () => {
  const { size, evaluate } = rosenbrock();
  expect(() =>
    runToEnd(trustRegionNewton.minimize({ size, evaluate }, Float64Array.of(0, 0))),
  ).toThrow('the objective must have a Hessian');
});
