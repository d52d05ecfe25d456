import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/numeric/normal.ts';
import { studentTwoSided } from '../../src/numeric/studentT.ts';

test.each([
  // Abramowitz & Stegun (1964), table 26.10
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 3, 3.182],
  [0.95, 10, 2.228],
  [0.95, 19, 2.093],
  [0.99, 5, 4.032],
  [0.99, 30, 2.75],
  [0.5, 4, 0.741],
])('studentTwoSided of %f and %i degrees is the printed %f', (level, degrees, printed) => {
  expect(studentTwoSided(level, degrees)).toBeCloseTo(printed, 3);
});

test('studentTwoSided inverts the integral of the density', () => {
  for (const degrees of [3, 8]) {
    const t = studentTwoSided(0.9, degrees);
    const density = (x: number): number => (1 + (x * x) / degrees) ** (-(degrees + 1) / 2);
    const [inside, all] = [integral(density, t), integral(density, 2000)];
    expect(inside / all).toBeCloseTo(0.9, 5);
  }
});

test('studentTwoSided tends to the normal quantile', () => {
  for (const level of [0.5, 0.95, 0.999])
    expect(studentTwoSided(level, 1_000_000)).toBeCloseTo(normalQuantile((1 + level) / 2), 4);
});

test('studentTwoSided refuses what is no level and no number of degrees', () => {
  expect(() => studentTwoSided(1, 3)).toThrow('the level must be in (0, 1), got 1');
  expect(() => studentTwoSided(0.95, 2.5)).toThrow('degrees of freedom must be whole');
});

/** ∫₀ᵗ by Simpson's rule. */
function integral(f: (x: number) => number, t: number): number {
  const n = 400_000;
  let sum = f(0) + f(t);
  for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * f((i * t) / n);
  return (sum * t) / n / 3;
}
