import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choleskySolver } from '../../src/numeric/choleskySolver.ts';
import { numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

test('choleskySolver solves what it was given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(1e6), (size, seed) => {
      const root = numbers(seed, size * size);
      const matrix = new Float64Array(size * size);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          matrix[i * size + j] = i === j ? 0.1 : 0;
          for (let k = 0; k < size; k++)
            matrix[i * size + j] += root[i * size + k] * root[j * size + k];
        }
      const solve = choleskySolver(matrix, size);
      const wanted = numbers(seed + 1, size);
      const b = wanted.map((_, i) =>
        wanted.reduce((sum, x, j) => sum + matrix[i * size + j] * x, 0),
      );
      solve?.(b);
      expectClose(b, wanted, 1e-9);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('choleskySolver refuses what is not positive definite', () => {
  expect(choleskySolver(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  expect(choleskySolver(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
  expect(choleskySolver(Float64Array.of(0), 1)).toBeNull();
});
