/** The losses of a member against their equations and central differences. */

import { expect, test } from 'vitest';
import { deterministicLoss, probabilisticLoss } from '../../../src/learning/ensemble/changeLoss.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { slopes } from '../../support/doubleNetwork.ts';

const size = 3;
/** The loss looks at single precision: steps must be large enough to be seen. */
const h = 2 ** -6;

test.each([
  ['deterministic', deterministicLoss],
  ['probabilistic', probabilisticLoss],
] as const)(
  '%s: the slopes are those of the loss, at their place and with their weight',
  (_, loss) => {
    const rng = createRng(2, 'outputs');
    const start = 4;
    const outputs = new Float32Array(start + loss.parts * size).map(() => 2 * rng() - 1);
    const changes = new Float32Array(2 * size).map(() => 2 * rng() - 1);
    const got = new Float32Array(outputs.length).fill(7);
    loss.at(outputs, start, changes, size, size, 0.25, got);
    expect([...got.subarray(0, start)]).toEqual(new Array(start).fill(7));
    for (let i = start; i < outputs.length; i++) {
      const at = (step: number): number => {
        const moved = outputs.slice();
        moved[i] += step;
        return loss.at(moved, start, changes, size, size, 1, null);
      };
      // five points: the error is of fourth order
      const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      expect(Math.abs(got[i] - 0.25 * slope)).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
    }
  },
);

test('probabilistic: minus the log-density, but for a constant', () => {
  const outputs = Float32Array.of(0.3, -0.2, 0.1, 0.4, -0.5, 0.8);
  const changes = Float32Array.of(0.1, 0.2, -0.7);
  let wanted = 0;
  for (let j = 0; j < size; j++) {
    const deviation = probabilisticLoss.deviation(outputs[size + j]);
    const z = (changes[j] - outputs[j]) / deviation;
    wanted += 0.5 * z * z + Math.log(deviation);
  }
  expect(probabilisticLoss.at(outputs, 0, changes, 0, size, 1, null)).toBeCloseTo(wanted, 10);
});

test('probabilistic: the spread has bounds, and a gradient that ends there', () => {
  expect(probabilisticLoss.deviation(-1e9)).toBeCloseTo(Math.exp(-4), 12);
  expect(probabilisticLoss.deviation(1e9)).toBeCloseTo(Math.exp(1), 12);
  const outputs = Float32Array.of(0, 40);
  const got = new Float32Array(2);
  probabilisticLoss.at(outputs, 0, Float32Array.of(3), 0, 1, 1, got);
  expect(Math.abs(got[1])).toBeLessThan(1e-6);
  expect(slopes(([z]) => Math.log(probabilisticLoss.deviation(z)), [40])[0]).toBeCloseTo(0, 6);
});
