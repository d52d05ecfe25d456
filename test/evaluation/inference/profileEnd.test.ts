/** Ends of profiles of likelihoods that are known, and sides that have none. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { profileCurve } from '../../../src/evaluation/inference/profileCurve.ts';
import { type Profile, profileEnd } from '../../../src/evaluation/inference/profileEnd.ts';
import { chiSquareQuantile } from '../../../src/numeric/chiSquare.ts';

const quantile = chiSquareQuantile(0.95, 1);
const words = { limit: 'the bound', infeasible: 'no reward is feasible' };
const nowhere = new Float64Array(0);

/** A profile by its formula; null where infeasible. */
function profileOf(f: (v: number) => number | null): Profile {
  return (value) => {
    const logLikelihood = f(value);
    return logLikelihood === null
      ? { kind: 'infeasible' }
      : { kind: 'fitted', logLikelihood, theta: nowhere };
  };
}

function endOf(f: (v: number) => number | null, estimate: number, step: number, limit?: number) {
  return profileEnd(
    profileOf(f),
    {
      estimate,
      maximum: { logLikelihood: f(estimate) as number, theta: nowhere },
      step,
      limit: limit ?? Math.sign(step) * Number.POSITIVE_INFINITY,
      quantile,
    },
    words,
  );
}

test('of a parabola are a Wald interval, whatever the first step', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: -4, max: 4, noNaN: true }),
      fc.constantFrom(-1, 1),
      (estimate, error, far, outward) => {
        const f = (v: number) => -100 - 0.5 * ((v - estimate) / error) ** 2;
        const { value } = endOf(f, estimate, outward * error * 10 ** far);
        const wanted = estimate + outward * Math.sqrt(quantile) * error;
        expect(Math.abs((value as number) - wanted) / error).toBeLessThan(1e-6);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('of a crooked likelihood satisfy the equation that defines them', () => {
  // Poisson with 7 events, in the logarithm of its rate: steep above, shallow below.
  const f = (v: number) => 7 * v - Math.exp(v);
  const top = Math.log(7);
  for (const step of [-0.7, 0.7, 5, -5]) {
    const { value, reason } = endOf(f, top, step);
    expect(reason).toBeNull();
    expect(2 * (f(top) - f(value as number))).toBeCloseTo(quantile, 6);
    expect(Math.sign((value as number) - top)).toBe(Math.sign(step));
  }
});

describe('a side is open', () => {
  test('where the likelihood stays near its maximum for ever', () => {
    const { value, reason } = endOf((v) => -(v * v) / (1 + v * v), 0, 1);
    expect(value).toBeNull();
    expect(reason).toMatch(/runs to infinity.*fallen by 2 only, of 3\.84/);
  });

  test('where a bound is met first, and not where the crossing comes before it', () => {
    const f = (v: number) => -0.5 * v * v;
    expect(endOf(f, 0, 2, 1.5)).toEqual({
      value: null,
      reason: expect.stringMatching(/the bound 1\.5 is met first.*by 2\.25 only/),
    });
    expect(endOf(f, 0, 2, 2).value).toBeCloseTo(Math.sqrt(quantile), 6);
  });

  test('at the edge of what is feasible, and not where the crossing comes before it', () => {
    const until = (edge: number) => (v: number) => (v < edge ? -0.5 * v * v : null);
    const { value, reason } = endOf(until(1.2), 0, 3);
    expect(value).toBeNull();
    expect(reason).toMatch(/no reward is feasible beyond 1\.2/);
    expect(endOf(until(2.2), 0, 3).value).toBeCloseTo(Math.sqrt(quantile), 6);
  });

  test('where the rest fits better than the estimate, or cannot be fitted', () => {
    const better = endOf((v) => -0.5 * (v - 1) ** 2, 0, 1);
    expect(better).toEqual({ value: null, reason: expect.stringMatching(/no maximum/) });
    const failing = profileEnd(
      () => ({ kind: 'failed', why: 'no luck' }),
      {
        estimate: 0,
        maximum: { logLikelihood: 0, theta: nowhere },
        step: 1,
        limit: Number.POSITIVE_INFINITY,
        quantile,
      },
      words,
    );
    expect(failing).toEqual({ value: null, reason: expect.stringMatching(/at 1 .*no luck/) });
  });
});

describe('a curve', () => {
  const values = Array.from({ length: 6 }, (_, i) => i / 5);

  test('has its maximum and its interval between the values asked for', () => {
    const f = (v: number) => -50 - 0.5 * ((v - 0.37) / 0.1) ** 2;
    const curve = profileCurve(profileOf(f), values, 0.95, 'discount');
    expect(curve.maximum?.value).toBeCloseTo(0.37, 5);
    expect(curve.low.value).toBeCloseTo(0.37 - 0.1 * Math.sqrt(quantile), 4);
    expect(curve.high.value).toBeCloseTo(0.37 + 0.1 * Math.sqrt(quantile), 4);
    expect(curve).toMatchObject({ atEnd: null, flat: false });
    expect(curve.points.map(({ value }) => value)).toEqual(values);
  });

  test('says when every value is as likely', () => {
    const curve = profileCurve(
      profileOf(() => -12.5),
      values,
      0.95,
      'temperature',
    );
    expect(curve).toMatchObject({ flat: true, maximum: null, low: { value: null } });
    expect(curve.low.reason).toMatch(/every temperature is as likely/);
  });

  test('says when its best value is an end, or when a side does not end', () => {
    const rising = profileCurve(
      profileOf((v) => 5 * v),
      values,
      0.95,
      'discount',
    );
    expect(rising).toMatchObject({ atEnd: 'high', high: { value: null } });
    expect(rising.maximum?.value).toBe(1);
    expect(rising.low.value).toBeCloseTo(1 - quantile / 10, 6);
    const shallow = profileCurve(
      profileOf((v) => -((v - 0.5) ** 2)),
      values,
      0.95,
      'discount',
    );
    expect(shallow.low.value).toBeNull();
    expect(shallow.low.reason).toMatch(/the end of the range 0 is met first/);
  });

  test('goes on where some values cannot be fitted', () => {
    const f = (v: number) => (v < 0.3 ? null : -0.5 * ((v - 0.8) / 0.05) ** 2);
    const curve = profileCurve(profileOf(f), values, 0.95, 'discount');
    expect(curve.points[0]).toMatchObject({
      logLikelihood: null,
      reason: 'no reward is feasible at this discount',
    });
    expect(curve.maximum?.value).toBeCloseTo(0.8, 6);
    expect(curve.low.value).toBeCloseTo(0.8 - 0.05 * Math.sqrt(quantile), 5);
    const none = profileCurve(
      profileOf(() => null),
      values,
      0.95,
      'discount',
    );
    expect(none).toMatchObject({ maximum: null, flat: false, low: { value: null } });
  });
});
