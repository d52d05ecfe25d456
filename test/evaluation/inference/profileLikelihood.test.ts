/** Profile-likelihood intervals of fits, held against the equation that defines them. */

import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { likelihoodModel } from '../../../src/algorithms/likelihoodModel.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { profileInterval } from '../../../src/evaluation/inference/profileLikelihood.ts';
import { chiSquareQuantile } from '../../../src/numeric/chiSquare.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { goOrWait } from '../../support/choiceProblem.ts';
import { gridProblem } from '../../support/gridProblem.ts';

function intervalOf(problem: Problem, k: number, options = {}, level = 0.95) {
  const fit = finish(causalEntropy.fit(problem, options));
  const model = likelihoodModel(problem, 'causal-entropy');
  const theta = Float64Array.from(fit.parameters, ({ estimate }) => estimate);
  const logLikelihood = fit.logLikelihood as number;
  return {
    logLikelihood,
    ...profileInterval(model, options, { theta, logLikelihood }, k, 0.3, level),
  };
}

test('the ends of a logit of one parameter solve its own equation', () => {
  const counts = [
    [9, 3],
    [2, 1],
  ] as const;
  const problem = goOrWait(counts);
  for (const level of [0.5, 0.95, 0.999]) {
    const { low, high, logLikelihood } = intervalOf(problem, 0, {}, level);
    const at = (v: number) => 11 * v - 15 * Math.log1p(Math.exp(v));
    for (const { value } of [low, high])
      expect(2 * (logLikelihood - at(value as number))).toBeCloseTo(chiSquareQuantile(level, 1), 6);
    expect(low.value).toBeLessThan(high.value as number);
  }
});

describe.each([
  ['discounted', { kind: 'discounted', discount: 0.9 }],
  ['with a horizon', { kind: 'finite', horizon: 6, discount: 1 }],
  ['undiscounted', { kind: 'undiscounted' }],
] as const)('%s', (_, time) => {
  const problem = gridProblem(time);
  const { names } = problem.features;

  test.each([0, 1, 2])('parameter %i: a fit that holds an end falls by the quantile', (k) => {
    const { low, high, logLikelihood, points } = intervalOf(problem, k);
    for (const { value, reason } of [low, high]) {
      expect(reason).toBeNull();
      const held = finish(causalEntropy.fit(problem, { fix: { [names[k]]: value as number } }));
      expect(held.stop).toBe('converged');
      expect(2 * (logLikelihood - (held.logLikelihood as number))).toBeCloseTo(
        chiSquareQuantile(0.95, 1),
        5,
      );
    }
    expect(points.map(({ value }) => value)).toEqual(
      points.map(({ value }) => value).sort((a, b) => a - b),
    );
    expect(Math.max(...points.map((point) => point.logLikelihood))).toBe(logLikelihood);
  });

  test('a bound that is nearer than the end opens the side', () => {
    const { high } = intervalOf(problem, 2);
    const near = (high.value as number) - 0.05;
    const bounded = intervalOf(problem, 2, { bounds: { stay: [-50, near] } });
    expect(bounded.high.value).toBeNull();
    expect(bounded.high.reason).toMatch(/the bound .* is met first/);
    expect(bounded.low.reason).toBeNull();
  });
});

test('where the likelihood ratio is chi-square the interval covers as often as it says', () => {
  const rng = createRng(6, 'coverage');
  const runs = 400;
  const truth = 0.8;
  const chance = 1 / (1 + Math.exp(-truth));
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    let go = 0;
    for (let i = 0; i < 60; i++) go += rng() < chance ? 1 : 0;
    const { low, high } = intervalOf(goOrWait([[go, 60 - go]]), 0, {}, 0.9);
    if ((low.value as number) <= truth && truth <= (high.value as number)) covered++;
  }
  // Three binomial standard errors.
  expect(Math.abs(covered / runs - 0.9)).toBeLessThan(3 * Math.sqrt((0.9 * 0.1) / runs));
});
