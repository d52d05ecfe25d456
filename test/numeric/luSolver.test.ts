import { expect, test } from 'vitest';
import { luSolver } from '../../src/numeric/luSolver.ts';
import { createRng } from '../../src/numeric/rng.ts';

test('luSolver solves what needs its rows exchanged', () => {
  const rng = createRng(1, 'matrix');
  for (const size of [1, 2, 7, 30]) {
    const matrix = Float64Array.from({ length: size * size }, () => 2 * rng() - 1);
    for (let i = 0; i < size; i++) if (size > 1) matrix[i * size + i] = 0;
    const x = Float64Array.from({ length: size }, () => rng());
    const b = x.map((_, i) => x.reduce((sum, xj, j) => sum + matrix[i * size + j] * xj, 0));
    const given = matrix.slice();
    luSolver(matrix, size)!(b);
    // condition numbers of such matrices are below about 1e4
    b.forEach((found, i) => {
      expect(Math.abs(found - x[i])).toBeLessThan(1e-11);
    });
    expect(matrix).toEqual(given);
  }
});

test('luSolver finds none for a singular matrix', () => {
  expect(luSolver(Float64Array.of(1, 2, 2, 4), 2)).toBeNull();
  expect(luSolver(new Float64Array(4), 2)).toBeNull();
  expect(luSolver(Float64Array.of(Number.NaN, 1, 1, 1), 2)).toBeNull();
});
