import fc from 'fast-check';
import { expect, test } from 'vitest';
import { symmetricEigen } from '../../src/numeric/symmetricEigen.ts';
import { spectrumOf, trustRegionStep } from '../../src/optimizers/trustRegionStep.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { withSpectrum } from './testObjectives.ts';

function model(matrix: Float64Array, gradient: Float64Array, p: Float64Array): number {
  const size = p.length;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += gradient[i] * p[i];
    for (let j = 0; j < size; j++) sum += 0.5 * p[i] * matrix[i * size + j] * p[j];
  }
  return sum;
}

function stepOf(matrix: Float64Array, gradient: Float64Array, radius: number): Float64Array {
  const size = gradient.length;
  const out = new Float64Array(size);
  const spectrum = spectrumOf(matrix, symmetricEigen(matrix, size), gradient, 1e-12);
  trustRegionStep(spectrum, radius, out);
  return out;
}

test('trustRegionStep is in the ball and no other point there is lower', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.boolean(),
      (seed, size, decades, hard) => {
        const random = seededRandom(seed);
        const spectrum = Array.from({ length: size }, () => random.between(-2, 3));
        const matrix = withSpectrum(random, spectrum);
        const gradient = Float64Array.from(spectrum, () => random.normal());
        if (hard) {
          // The hard case: no slope along the lowest axis.
          const { vectors } = symmetricEigen(matrix, size);
          const along = gradient.reduce((sum, g, i) => sum + g * vectors[i], 0);
          for (let i = 0; i < size; i++) gradient[i] -= along * vectors[i];
        }
        const radius = 10 ** decades;
        const step = stepOf(matrix, gradient, radius);
        expect(Math.hypot(...step)).toBeLessThanOrEqual(radius * (1 + 1e-6));
        const lowest = model(matrix, gradient, step);
        const slack = 1e-6 * (1 + Math.abs(lowest));
        for (let k = 0; k < 200; k++) {
          const other = step.map(() => random.normal());
          const length = radius * random.uniform() ** (1 / size);
          const scale = length / Math.hypot(...other);
          const near = random.chance(0.5);
          const trial = other.map((o, i) => (near ? 0.99 * step[i] + 0.01 * scale * o : scale * o));
          expect(model(matrix, gradient, trial)).toBeGreaterThan(lowest - slack);
        }
      },
    ),
    { seed: 4, numRuns: 80 },
  );
});

test('trustRegionStep is the Newton step of minimum norm where that is short enough', () => {
  // Null space (2, −1), gradient in the range (1, 2).
  const step = stepOf(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 2), 10);
  expect(step[0]).toBeCloseTo(-0.2, 12);
  expect(step[1]).toBeCloseTo(-0.4, 12);
});

test('trustRegionStep goes to the edge along a slope without curvature', () => {
  const step = stepOf(Float64Array.of(0, 0, 0, 1), Float64Array.of(1, 0), 3);
  expect(step[0]).toBeCloseTo(-3, 6);
  expect(step[1]).toBeCloseTo(0, 12);
});

test('trustRegionStep takes no unit for a null space', () => {
  // Metres beside a share: curvatures twelve decades apart, both of them real.
  const step = stepOf(Float64Array.of(1e-6, 0, 0, 1e6), Float64Array.of(1e-13, 1), 10);
  expect(step[0]).toBeCloseTo(-1e-7, 15);
  expect(step[1]).toBeCloseTo(-1e-6, 15);
});
