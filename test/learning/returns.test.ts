/** Returns and advantages against fixtures of another library and against their definitions. */

import { expect, test } from 'vitest';
import {
  discountedReturns,
  generalizedAdvantages,
  lambdaReturns,
} from '../../src/learning/returns.ts';
import { numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { readReference } from '../support/references.ts';

interface Fixture {
  readonly lambda_: number;
  readonly r_t: number[][];
  readonly discount_t: number[][];
  readonly v_t: number[][];
  readonly v_tm1: number[][];
  readonly bootstrap: number[];
  readonly float64: number[][];
}

const fixtures = readReference<Record<string, Fixture>>('rlax_fixtures');

test('discountedReturns and lambdaReturns are theirs', () => {
  const { discountedReturns: plain, lambdaReturns: mixed } = fixtures;
  plain.r_t.forEach((reward, i) => {
    const out = new Float64Array(reward.length);
    discountedReturns(reward, plain.discount_t[i], plain.bootstrap[i], out);
    expectClose(out, plain.float64[i], 1e-12);
  });
  mixed.r_t.forEach((reward, i) => {
    const out = new Float64Array(reward.length);
    lambdaReturns(reward, mixed.discount_t[i], mixed.v_t[i], mixed.lambda_, out);
    expectClose(out, mixed.float64[i], 1e-12);
  });
});

test('generalizedAdvantages are their errors of TD(λ)', () => {
  const { lambda_, r_t, discount_t, v_tm1, bootstrap, float64 } = fixtures.tdLambda;
  r_t.forEach((reward, i) => {
    const next = [...v_tm1[i].slice(1), bootstrap[i]];
    const out = new Float64Array(reward.length);
    generalizedAdvantages(reward, discount_t[i], v_tm1[i], next, lambda_, out);
    expectClose(out, float64[i], 1e-12);
  });
});

test('generalizedAdvantages are λ-returns less the value, λ = 1 being Monte Carlo', () => {
  const steps = 6;
  const [reward, value] = [numbers(1, steps), numbers(2, steps + 1)];
  const discount = new Float64Array(steps).fill(0.9);
  const next = value.subarray(1);
  for (const lambda of [0, 0.4, 1]) {
    const [advantage, returned] = [new Float64Array(steps), new Float64Array(steps)];
    generalizedAdvantages(reward, discount, value, next, lambda, advantage);
    lambdaReturns(reward, discount, next, lambda, returned);
    expectClose(
      advantage,
      returned.map((g, t) => g - value[t]),
      1e-12,
    );
    if (lambda !== 1) continue;
    const whole = new Float64Array(steps);
    discountedReturns(reward, discount, value[steps], whole);
    expectClose(returned, whole, 1e-12);
  }
  expect(reward.length).toBe(steps);
});
