import fc from 'fast-check';
import { expect, test } from 'vitest';
import { symmetricEigen } from '../../src/numeric/symmetricEigen.ts';
import { withSpectrum } from '../optimizers/testObjectives.ts';
import { symmetricSpectrum } from '../support/denseLinearAlgebra.ts';
import { seededRandom } from '../support/seededRandom.ts';

const runs = { seed: 7, numRuns: 60 };

function randomSymmetric(seed: number, size: number, scale: number): Float64Array {
  const random = seededRandom(seed);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = random.chance(0.3) ? 0 : scale * random.normal();
      matrix[i * size + j] = matrix[j * size + i] = entry;
    }
  }
  return matrix;
}

const arbitrarySymmetric = fc
  .tuple(fc.integer(), fc.integer({ min: 0, max: 12 }), fc.constantFrom(1e-200, 1, 1e200))
  .map(([seed, size, scale]) => ({ size, scale, matrix: randomSymmetric(seed, size, scale) }));

test('symmetricEigen gives back the matrix, with orthonormal vectors and ascending values', () => {
  fc.assert(
    fc.property(arbitrarySymmetric, ({ size, scale, matrix }) => {
      const { values, vectors } = symmetricEigen(matrix, size);
      for (let i = 0; i < size; i++) {
        if (i > 0) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
        for (let j = 0; j < size; j++) {
          let entry = 0;
          let overlap = 0;
          for (let k = 0; k < size; k++) {
            entry += vectors[k * size + i] * (values[k] / scale) * vectors[k * size + j];
            overlap += vectors[i * size + k] * vectors[j * size + k];
          }
          expect(overlap).toBeCloseTo(i === j ? 1 : 0, 12);
          expect(entry).toBeCloseTo(matrix[i * size + j] / scale, 11);
        }
      }
    }),
    runs,
  );
});

test('symmetricEigen agrees with Jacobi rotations', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, size) => {
      const matrix = randomSymmetric(seed, size, 1);
      const rows = Array.from({ length: size }, (_, i) => [
        ...matrix.subarray(i * size, (i + 1) * size),
      ]);
      const referee = [...symmetricSpectrum(rows)].sort((a, b) => a - b);
      symmetricEigen(matrix, size).values.forEach((value, j) => {
        expect(value).toBeCloseTo(referee[j], 11);
      });
    }),
    runs,
  );
});

test('symmetricEigen finds eigenvalues that span eight decades, and repeated and zero ones', () => {
  const random = seededRandom(3);
  for (const spectrum of [
    [1e-8, 1e-4, 1, 1],
    [0, 0, 2, 2, 2],
    [-3, 0, 0, 5],
  ]) {
    const { values } = symmetricEigen(withSpectrum(random, spectrum), spectrum.length);
    values.forEach((value, j) => {
      // Round-off relative to the largest eigenvalue is all that is promised.
      expect(Math.abs(value - spectrum[j])).toBeLessThan(1e-14 * 5 * spectrum.length);
    });
  }
});

test('symmetricEigen reads the lower triangle only', () => {
  const lower = Float64Array.of(2, Number.NaN, 1, 2);
  expect([...symmetricEigen(lower, 2).values].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([
    1, 3,
  ]);
});

test('symmetricEigen decomposes a hundred rows', () => {
  const matrix = randomSymmetric(1, 100, 1);
  const { values, vectors } = symmetricEigen(matrix, 100);
  let trace = 0;
  for (let i = 0; i < 100; i++) trace += matrix[i * 101];
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
  for (const j of [0, 50, 99]) {
    for (let i = 0; i < 100; i++) {
      let product = 0;
      for (let k = 0; k < 100; k++) product += matrix[i * 100 + k] * vectors[j * 100 + k];
      expect(product).toBeCloseTo(values[j] * vectors[j * 100 + i], 11);
    }
  }
});

test('symmetricEigen refuses what is not a finite square matrix', () => {
  expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow('2 × 2 entries, got 3');
  expect(() => symmetricEigen(Float64Array.of(1, 0, Infinity, 1), 2)).toThrow(
    'entry (1, 0) must be finite, got Infinity',
  );
});
