import fc from 'fast-check';
import { expect, test } from 'vitest';
import { complementInverse } from '../../src/numeric/complementInverse.ts';
import { numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

/** Σ x xᵀ over rows of random numbers, in units that differ by orders of magnitude. */
function gram(seed: number, size: number, rows: number, units: Float64Array): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let r = 0; r < rows; r++) {
    const x = numbers(seed + 31 * r, size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) matrix[i * size + j] += x[i] * x[j] * units[i] * units[j];
  }
  return matrix;
}

function times(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, ij) => {
    const i = Math.floor(ij / size);
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + (ij % size)];
    return sum;
  });
}

test('complementInverse without directions is the inverse, whatever the units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(1e6), (size, seed) => {
      const units = Float64Array.from({ length: size }, (_, i) => 10 ** (3 * (i % 3) - 3));
      const a = gram(seed, size, size + 6, units);
      const inverse = complementInverse(a, size, []);
      if (!inverse) throw new Error('wanted an inverse');
      // A A⁻¹, rows in one unit: the identity.
      const found = times(a, inverse, size).map(
        (x, ij) => (x / units[Math.floor(ij / size)]) * units[ij % size],
      );
      const identity = found.map((_, ij) => (Math.floor(ij / size) === ij % size ? 1 : 0));
      expectClose(found, identity, 1e-6);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('complementInverse inverts beside directions, and is zero along them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(1e6), (size, seed) => {
      const one = numbers(seed, size);
      const two = numbers(seed + 7, size);
      const directions = size > 2 ? [one, two] : [one];
      const a = gram(seed + 1, size, size + 6, new Float64Array(size).fill(1));
      const inverse = complementInverse(a, size, directions);
      if (!inverse) throw new Error('wanted an inverse');
      for (const q of directions)
        for (let i = 0; i < size; i++) {
          let along = 0;
          for (let j = 0; j < size; j++) along += inverse[i * size + j] * q[j];
          expect(Math.abs(along)).toBeLessThan(1e-6);
        }
      // A⁺ A A⁺ = A⁺
      expectClose(times(times(inverse, a, size), inverse, size), inverse, 1e-6);
    }),
    { seed: 2, numRuns: 60 },
  );
});

test('complementInverse has no answer where something else is missing', () => {
  const rankOne = Float64Array.of(1, 1, 0, 1, 1, 0, 0, 0, 2);
  expect(complementInverse(rankOne, 3, [])).toBeNull();
  expect(complementInverse(rankOne, 3, [Float64Array.of(1, -1, 0)])).not.toBeNull();
  expect(complementInverse(Float64Array.of(1, 0, 0, -1), 2, [])).toBeNull();
  expect(complementInverse(Float64Array.of(0), 1, [])).toBeNull();
  expect(complementInverse(Float64Array.of(Number.NaN), 1, [])).toBeNull();
  expect(complementInverse(new Float64Array(0), 0, [])).toEqual(new Float64Array(0));
});
