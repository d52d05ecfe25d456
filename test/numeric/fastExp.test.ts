import { expect, test } from 'vitest';
import { EXP_TABLE, fastExp, fastLog } from '../../src/numeric/fastExp.ts';
import { seededRandom } from '../support/seededRandom.ts';

const random = seededRandom(1);

function largestRelativeError(
  points: readonly number[],
  approximate: (x: number) => number,
  exact: (x: number) => number,
): number {
  return Math.max(...points.map((x) => Math.abs(approximate(x) / exact(x) - 1)));
}

test('fastExp is exp to 1e-15 from −700 to 700', () => {
  const points = [
    -700,
    700,
    -1e-300,
    1e-300,
    Math.LN2 / 32,
    -Math.LN2 / 32,
    ...Array.from({ length: 20_000 }, () => random.between(-700, 700)),
    ...Array.from({ length: 20_000 }, () => random.between(-2, 2)),
  ];
  // 4.5e-16: the rounding of Math.exp itself and of the quotient, on top of what is promised
  const error = largestRelativeError(points, (x) => fastExp(x, EXP_TABLE), Math.exp);
  expect(error).toBeLessThan(1e-15 + 4.5e-16);
  expect(fastExp(0, EXP_TABLE)).toBe(1);
});

test('fastLog is log to round-off, also where log is almost 0', () => {
  const near = Array.from({ length: 20_000 }, () => 1 + random.between(-2e-3, 2e-3));
  const far = Array.from({ length: 5_000 }, () => 10 ** random.between(-300, 300));
  expect(largestRelativeError(far, fastLog, Math.log)).toBeLessThan(1e-15);
  // x − 1 is exact here, and log1p of it accurate relative to itself
  const error = largestRelativeError(near, fastLog, (x) => Math.log1p(x - 1));
  expect(error).toBeLessThan(1e-15);
  expect(fastLog(1)).toBe(0);
  expect(fastLog(1 + 2 ** -52)).toBeCloseTo(2 ** -52, 30);
});
