import { expect, test } from 'vitest';
import { radialBumps } from '../../src/features/radialBumps.ts';
import { createRng } from '../../src/numeric/rng.ts';

test('radialBumps are Gaussians: second differences of their logarithm are one constant', () => {
  const size = 12;
  const count = 4;
  const { names, per, values } = radialBumps({ size, count, width: 0.3 }, createRng(0, 'test'));
  expect(per).toBe('state');
  expect(names).toEqual(['bump 1', 'bump 2', 'bump 3', 'bump 4']);
  expect(values).toHaveLength(size * size * count);
  for (let j = 0; j < count; j++) {
    const log = (x: number, y: number) => Math.log(values[(y * size + x) * count + j]);
    const bend = log(2, 1) - 2 * log(1, 1) + log(0, 1);
    for (let y = 1; y < size - 1; y++) {
      for (let x = 1; x < size - 1; x++) {
        expect(log(x + 1, y) - 2 * log(x, y) + log(x - 1, y)).toBeCloseTo(bend, 10);
        expect(log(x, y + 1) - 2 * log(x, y) + log(x, y - 1)).toBeCloseTo(bend, 10);
        expect(log(x + 1, y + 1) - log(x + 1, y) - log(x, y + 1) + log(x, y)).toBeCloseTo(0, 10);
      }
    }
    // the bend is −1 / w², and w lies between 0.5 and 1.5 times width · size
    const w = Math.sqrt(-1 / bend);
    expect(w).toBeGreaterThan(0.5 * 0.3 * size);
    expect(w).toBeLessThan(1.5 * 0.3 * size);
  }
  expect(values.every((v) => v > 0 && v <= 1)).toBe(true);
});
