/** Gradient descent, exponentiated gradient and Adam: their update rules, and where they lead. */

import { describe, expect, test } from 'vitest';
import { adam } from '../../src/optimizers/adam.ts';
import { exponentiatedGradient } from '../../src/optimizers/exponentiatedGradient.ts';
import { gradientDescent } from '../../src/optimizers/gradientDescent.ts';
import { runToEnd, type Step } from '../../src/optimizers/minimizer.ts';
import { trustRegionNewton } from '../../src/optimizers/trustRegionNewton.ts';
import { counted, logBarrier, logistic, quadratic } from './testObjectives.ts';

const start = Float64Array.of(1, -1);
/** f = ½ (x² + 4 y²), gradient (x, 4 y). */
const bowl = () => quadratic(Float64Array.of(1, 0, 0, 4), Float64Array.of(0, 0));

function stepsOf(steps: Generator<Step, unknown>, count: number): Step[] {
  return Array.from({ length: count }, () => steps.next().value as Step);
}

test('gradientDescent steps by the learning rate, decreasing by its decay', () => {
  const steps = stepsOf(
    gradientDescent.minimize(bowl(), start, { learningRate: 0.1, decay: 1 }),
    2,
  );
  expect(steps[0].x[0]).toBeCloseTo(0.9, 14);
  expect(steps[0].x[1]).toBeCloseTo(-0.6, 14);
  expect(steps[1].x[0]).toBeCloseTo(0.9 - 0.05 * 0.9, 14);
  expect(steps[1].x[1]).toBeCloseTo(-0.6 + 0.05 * 2.4, 14);
});

test('gradientDescent halves a step that does not go clearly down', () => {
  const steps = stepsOf(gradientDescent.minimize(bowl(), start, { learningRate: 8 }), 1);
  // 8, 4, 2 and 1 overshoot; ½ gives (½, 1), hardly lower; ¼ gives (¾, 0).
  expect([...steps[0].x]).toEqual([0.75, 0]);
  expect(steps[0].evaluations).toBe(7);
});

test('exponentiatedGradient multiplies the two weights of each variable', () => {
  const weight = 0.7;
  const weights = start.map((x) => (x + Math.hypot(x, 2 * weight)) / 2);
  let u = [...weights];
  let v = u.map((ui, i) => ui - start[i]);
  const steps = stepsOf(
    exponentiatedGradient.minimize(bowl(), start, { learningRate: 0.05, weight }),
    5,
  );
  for (const step of steps) {
    const slope = [u[0] - v[0], 4 * (u[1] - v[1])];
    u = u.map((ui, i) => ui * Math.exp(-0.05 * slope[i]));
    v = v.map((vi, i) => vi * Math.exp(0.05 * slope[i]));
    step.x.forEach((x, i) => {
      expect(x).toBeCloseTo(u[i] - v[i], 12);
    });
  }
});

test('exponentiatedGradient becomes gradient descent of rate 2 β η where β is large', () => {
  const settings = { learningRate: 1e-8, weight: 1e7 };
  const [multiplied] = stepsOf(exponentiatedGradient.minimize(bowl(), start, settings), 1);
  const [added] = stepsOf(gradientDescent.minimize(bowl(), start, { learningRate: 0.2 }), 1);
  multiplied.x.forEach((x, i) => {
    expect(x).toBeCloseTo(added.x[i], 6);
  });
});

test('adam moves every variable by the learning rate at first, whatever the gradient', () => {
  const [step] = stepsOf(adam.minimize(bowl(), start, { learningRate: 0.01 }), 1);
  expect(step.x[0]).toBeCloseTo(0.99, 9);
  expect(step.x[1]).toBeCloseTo(-0.99, 9);
});

test('adam follows the published recursion', () => {
  const steps = stepsOf(adam.minimize(bowl(), start, { learningRate: 0.3 }), 20);
  const x = [...start];
  const m = [0, 0];
  const v = [0, 0];
  steps.forEach((step, k) => {
    [x[0], 4 * x[1]].forEach((g, i) => {
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const mean = m[i] / (1 - 0.9 ** (k + 1));
      x[i] -= (0.3 * mean) / (Math.sqrt(v[i] / (1 - 0.999 ** (k + 1))) + 1e-8);
      expect(step.x[i]).toBeCloseTo(x[i], 10);
    });
  });
});

test('adam returns the lowest point it has seen', () => {
  const steps: Step[] = [];
  const minimum = runToEnd(
    adam.minimize(bowl(), start, { learningRate: 0.8, maxIterations: 12 }),
    (step) => steps.push(step),
  );
  expect(minimum.stop).toBe('max-iterations');
  expect(minimum.value).toBe(Math.min(...steps.map((step) => step.value)));
  expect(minimum.value).toBeLessThan(steps[steps.length - 1].value);
});

describe.each([gradientDescent, exponentiatedGradient, adam])('$name', (minimizer) => {
  test('reaches the optimum that Newton finds', () => {
    const exact = runToEnd(
      trustRegionNewton.minimize(logistic(2, 3, 100, 0.1), new Float64Array(3)),
    );
    const minimum = runToEnd(
      minimizer.minimize(logistic(2, 3, 100, 0.1), new Float64Array(3), { learningRate: 0.3 }),
    );
    expect(minimum.stop).toBe('converged');
    minimum.x.forEach((x, i) => {
      // ‖x − x*‖ ≤ ‖∇f‖ / ridge
      expect(Math.abs(x - exact.x[i])).toBeLessThan(2e-7);
    });
  });

  test('stays where f is finite', () => {
    const minimum = runToEnd(
      minimizer.minimize(logBarrier([1, 2]), Float64Array.of(0.01, 3), { learningRate: 0.5 }),
    );
    expect(minimum.stop).toBe('converged');
    expect(minimum.x[0]).toBeCloseTo(1, 7);
    expect(minimum.x[1]).toBeCloseTo(0.5, 7);
  });

  test('ends on a bound that holds it back', () => {
    const minimum = runToEnd(
      minimizer.minimize(bowl(), start, { lower: Float64Array.of(0.5, -Infinity) }),
    );
    expect(minimum.stop).toBe('converged');
    expect(minimum.x[0]).toBe(0.5);
    expect(minimum.x[1]).toBeCloseTo(0, 7);
  });

  test('says line-search-failed where no step is feasible', () => {
    const trap = counted(
      1,
      ([x], gradient) => {
        gradient[0] = 1;
        return x === 1 ? 0 : Infinity;
      },
      () => {},
    );
    const minimum = runToEnd(minimizer.minimize(trap, Float64Array.of(1)));
    expect(minimum).toMatchObject({ stop: 'line-search-failed', value: 0, iterations: 0 });
  });
});
