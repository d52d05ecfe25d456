import { expect, test } from 'vitest';
import { RunningScale } from '../../../src/learning/neural/runningScale.ts';
import { createRng } from '../../../src/numeric/rng.ts';

test('scaled numbers have mean 0 and variance 1, whatever their unit', () => {
  const rng = createRng(0, 'observations');
  const rows = Array.from({ length: 500 }, () => [1e6 + 1e3 * rng(), 1e-2 * rng() ** 2, 3]);
  const scale = new RunningScale(3);
  for (const row of rows) scale.add(row);
  const scaled = Float64Array.from(rows.flat());
  scale.scale(scaled);
  for (const j of [0, 1]) {
    const column = rows.map((_, i) => scaled[3 * i + j]);
    const mean = column.reduce((sum, x) => sum + x, 0) / 500;
    const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 500;
    expect(mean).toBeCloseTo(0, 8);
    // ε = 1e-8 beside a variance of 9e-6.
    expect(variance).toBeCloseTo(1, 2);
  }
  // What never varies is 0, and what lies far away is cut off.
  expect(scaled[2]).toBe(0);
  const far = Float64Array.of(-1e9, 1e9, 4);
  scale.scale(far);
  expect([...far]).toEqual([-10, 10, 10]);
});

test('before two observations nothing is changed', () => {
  const scale = new RunningScale(1);
  scale.add([5]);
  const x = Float64Array.of(7);
  scale.scale(x);
  expect([...x]).toEqual([7]);
});
