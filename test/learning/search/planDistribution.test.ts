/** What plans are drawn from. */

import { expect, test } from 'vitest';
import { planDistribution } from '../../../src/learning/search/planDistribution.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const wide = {
  kind: 'box',
  low: Float64Array.of(-1e3, -1e3),
  high: Float64Array.of(1e3, 1e3),
} as const;

test.each([0, 0.6, 0.9])(
  'noise that goes on by %d has the spread and the memory that it says',
  (rho) => {
    const horizon = 12;
    const plans = planDistribution(wide, horizon, rho);
    // 10 times 100 below a wall of 1,000: nothing is cut off
    plans.numbers.fill(10, 2 * horizon);
    const rng = createRng(1, 'plans');
    const out = new Float64Array(2 * horizon);
    const count = 4000;
    let [square, along, across] = [0, 0, 0];
    for (let n = 0; n < count; n++) {
      plans.draw(out, rng);
      for (let t = 1; t < horizon; t++) {
        square += out[2 * t] ** 2;
        along += out[2 * t] * out[2 * t - 2];
        across += out[2 * t] * out[2 * t + 1];
      }
    }
    const terms = count * (horizon - 1);
    // four standard errors, with about (1 + ρ²)/(1 − ρ²) terms counting as one
    const error = 4 * Math.sqrt((2 * (1 + rho ** 2)) / (1 - rho ** 2) / terms);
    expect(Math.abs(square / terms / 100 - 1)).toBeLessThan(error);
    expect(Math.abs(along / square - rho)).toBeLessThan(error);
    expect(Math.abs(across / square)).toBeLessThan(error);
  },
);

test.each([
  ['box', wide],
  ['discrete', { kind: 'discrete', count: 3 }],
] as const)('%s: written back its numbers draw the same plans', (_, actions) => {
  const plans = planDistribution(actions, 5, 0.5);
  const size = 5 * plans.width;
  const some = [0, 1].map((k) => new Float64Array(size).fill(k));
  plans.moveTo(some, 0.1);
  const again = planDistribution(actions, 5, 0.5);
  again.numbers.set(plans.numbers);
  const [one, other] = [new Float64Array(size), new Float64Array(size)];
  plans.draw(one, createRng(1, 'draw'));
  again.draw(other, createRng(1, 'draw'));
  expect(other).toEqual(one);
});
