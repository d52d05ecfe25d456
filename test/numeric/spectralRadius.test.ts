import { expect, test } from 'vitest';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import { createFactors } from '../../src/numeric/sparseLu.ts';
import { spectralRadius } from '../../src/numeric/spectralRadius.ts';

/** Returns the radius of a dense M. */
function radiusOf(rows: number[][], atLeast?: number): number {
  const size = rows.length;
  const rowStart = Int32Array.from({ length: size + 1 }, (_, i) => i * size);
  const column = Int32Array.from({ length: size * size }, (_, e) => e % size);
  const factors = createFactors(analyzeLu(size, rowStart, column));
  return spectralRadius(factors, Float64Array.from(rows.flat()), atLeast);
}

test('spectralRadius of a 2 × 2 matrix is the larger root of its polynomial', () => {
  const [a, b, c, d] = [0.3, 2, 0.7, 0.1];
  const root = (a + d + Math.sqrt((a - d) ** 2 + 4 * b * c)) / 2;
  const radius = radiusOf([
    [a, b],
    [c, d],
  ]);
  expect(radius / root).toBeCloseTo(1, 10);
});

test('spectralRadius of a cycle is the geometric mean of its weights', () => {
  const weights = [1e-8, 3, 1e5, 0.2, 7];
  const rows = weights.map((w, i) => weights.map((_, j) => (j === (i + 1) % 5 ? w : 0)));
  const mean = Math.exp(weights.reduce((sum, w) => sum + Math.log(w), 0) / 5);
  expect(radiusOf(rows) / mean).toBeCloseTo(1, 10);
});

test('spectralRadius of a reducible matrix is that of its worst block', () => {
  const radius = radiusOf([
    [0.5, 9, 0, 1e6],
    [0, 0, 2, 0],
    [0, 0.5, 0, 0],
    [0, 0, 0, 0.9],
  ]);
  expect(radius).toBeCloseTo(1, 10);
});

test('spectralRadius is 0 without a cycle', () => {
  expect(
    radiusOf([
      [0, 1e200, 3],
      [0, 0, 1e150],
      [0, 0, 0],
    ]),
  ).toBe(0);
});

test('spectralRadius returns the bound it was given where it is not above that', () => {
  const half = [
    [0, 0.25],
    [1, 0],
  ];
  expect(radiusOf(half, 0.7)).toBe(0.7);
  expect(radiusOf(half, 0.3)).toBeCloseTo(0.5, 10);
});
