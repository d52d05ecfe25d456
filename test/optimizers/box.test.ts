import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boxOf,
  moveAlong,
  projectedGradientNorm,
  projectOnto,
  stepToBoundary,
} from '../../src/optimizers/box.ts';

const finite = fc.double({ min: -10, max: 10, noNaN: true });

test('moveAlong lands on the bound, bit for bit, at the step to the boundary', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(finite, finite, finite), { minLength: 1, maxLength: 6 }),
      (rows) => {
        const lower = Float64Array.from(rows, ([a, b]) => Math.min(a, b));
        const upper = Float64Array.from(rows, ([a, b]) => Math.max(a, b));
        const box = boxOf(rows.length, lower, upper);
        const x = lower.map((low, i) => 0.3 * low + 0.7 * upper[i]);
        projectOnto(box, x);
        const direction = Float64Array.from(rows, ([, , d]) => Math.round(d * 8) / 8);
        const step = stepToBoundary(box, x, direction);
        fc.pre(Number.isFinite(step));
        const out = new Float64Array(x.length);
        moveAlong(box, x, direction, step, out);
        expect(
          out.some((end, i) => direction[i] !== 0 && (end === lower[i] || end === upper[i])),
        ).toBe(true);
        moveAlong(box, x, direction, 1000, out);
        out.forEach((end, i) => {
          if (direction[i] !== 0) expect(end).toBe(direction[i] < 0 ? lower[i] : upper[i]);
        });
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('projectedGradientNorm leaves out what pushes against a bound, and nothing else', () => {
  const box = boxOf(2, Float64Array.of(0, 0), undefined);
  const norm = (x: number, slope: number) =>
    projectedGradientNorm(box, Float64Array.of(x, 1), Float64Array.of(slope, 0.5));
  expect(norm(0, 7)).toBe(0.5);
  expect(norm(0, -7)).toBe(7);
  expect(norm(0.1, 7)).toBe(7);
});

test('boxOf is everywhere where there are no bounds', () => {
  const box = boxOf(1, undefined, undefined);
  expect([box.lower[0], box.upper[0]]).toEqual([-Infinity, Infinity]);
});
