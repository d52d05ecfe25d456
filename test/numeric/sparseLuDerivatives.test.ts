import { expect, test } from 'vitest';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import { createFactors, createTriangular, factorize } from '../../src/numeric/sparseLu.ts';
import {
  factorizeReverse,
  factorizeReverseTangent,
  factorizeTangent,
} from '../../src/numeric/sparseLuDerivatives.ts';
import { randomPattern, randomValues } from '../support/randomPattern.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** A scalar of the factors that is curved in all of them: Σ w x² / 2 over pivots, L and U. */
function randomProblem(seed: number) {
  const random = seededRandom(seed);
  const size = random.integer(3, 12);
  const structure = randomPattern(random, size, 3);
  const pattern = analyzeLu(size, structure.rowStart, structure.column);
  const m = randomValues(random, structure, 0.9);
  const weights = createTriangular(pattern);
  const parts = ['pivot', 'lower', 'upper'] as const;
  for (const part of parts) weights[part].set(weights[part].map(() => random.normal()));
  const factors = createFactors(pattern);
  const scalar = (at: Float64Array) => {
    factorize(factors, at);
    let sum = 0;
    for (const part of parts)
      factors[part].forEach((x, i) => {
        sum += (weights[part][i] * x * x) / 2;
      });
    return sum;
  };
  /** The gradient in M at `at`; `bar` is left as the reverse leaves it. */
  const gradient = (at: Float64Array) => {
    factorize(factors, at);
    const bar = createTriangular(pattern);
    for (const part of parts) bar[part].set(factors[part].map((x, i) => weights[part][i] * x));
    const mBar = new Float64Array(m.length);
    factorizeReverse(factors, bar, mBar);
    return { bar, mBar };
  };
  const direction = new Float64Array(m.length).map(() => random.normal());
  return { m, pattern, factors, weights, parts, scalar, gradient, direction };
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);
const STEP = 1e-6;

test.each(SEEDS)('factorizeReverse matches central differences (seed %i)', (seed) => {
  const { m, scalar, gradient } = randomProblem(seed);
  const { mBar } = gradient(m);
  for (let e = 0; e < m.length; e++) {
    const moved = (by: number) => m.map((v, i) => (i === e ? v + by : v));
    const slope = (scalar(moved(STEP)) - scalar(moved(-STEP))) / (2 * STEP);
    expect(Math.abs(slope - mBar[e])).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
  }
});

test.each(SEEDS)('factorizeTangent is the transpose of factorizeReverse (seed %i)', (seed) => {
  const { m, pattern, factors, weights, parts, gradient, direction } = randomProblem(seed);
  const { mBar } = gradient(m);
  const dot = createTriangular(pattern);
  factorizeTangent(factors, direction, dot);
  let forward = 0;
  for (const part of parts)
    dot[part].forEach((change, i) => {
      forward += weights[part][i] * factors[part][i] * change;
    });
  const backward = direction.reduce((sum, d, e) => sum + d * mBar[e], 0);
  expect(Math.abs(forward - backward)).toBeLessThan(1e-10 * Math.max(1, Math.abs(forward)));
});

test.each(SEEDS)('factorizeReverseTangent matches differences of gradients (seed %i)', (seed) => {
  const { m, pattern, factors, weights, parts, gradient, direction } = randomProblem(seed);
  const moved = (by: number) => m.map((v, i) => v + by * direction[i]);
  const up = gradient(moved(STEP)).mBar;
  const down = gradient(moved(-STEP)).mBar;
  const { bar } = gradient(m);
  const dot = createTriangular(pattern);
  factorizeTangent(factors, direction, dot);
  const barDot = createTriangular(pattern);
  for (const part of parts)
    barDot[part].set(dot[part].map((change, i) => weights[part][i] * change));
  const mBarDot = new Float64Array(m.length);
  factorizeReverseTangent(factors, bar, dot, barDot, mBarDot);
  const scale = Math.max(1, ...mBarDot.map(Math.abs));
  for (let e = 0; e < m.length; e++)
    expect(Math.abs((up[e] - down[e]) / (2 * STEP) - mBarDot[e]) / scale).toBeLessThan(1e-6);
});
