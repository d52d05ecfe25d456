import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  epsilonOptimalLog,
  likeliestEpsilon,
  type SlipCounts,
} from '../../src/algorithms/epsilonOptimal.ts';

const decisions: fc.Arbitrary<SlipCounts> = fc
  .array(
    fc
      .record({ options: fc.integer({ min: 1, max: 5 }), u: fc.nat(100), hit: fc.boolean() })
      .map(({ options, u, hit }) => {
        const optimal = 1 + (u % options);
        return { options, optimal, hit: optimal === options || hit };
      }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => ({
    options: Int32Array.from(all, (d) => d.options),
    optimal: Int32Array.from(all, (d) => d.optimal),
    hit: Uint8Array.from(all, (d) => Number(d.hit)),
  }));

/** log-likelihood by adding up decisions. */
function total(counts: SlipCounts, epsilon: number): number {
  return counts.options.reduce((sum, _, d) => sum + epsilonOptimalLog(counts, d, epsilon), 0);
}

test('epsilonOptimalLog is that of shares that sum to 1 over the options', () => {
  for (const [all, k] of [
    [5, 1],
    [4, 3],
    [3, 3],
  ]) {
    const one = (hit: number): SlipCounts => ({
      options: Int32Array.of(all),
      optimal: Int32Array.of(k),
      hit: Uint8Array.of(hit),
    });
    const hit = Math.exp(epsilonOptimalLog(one(1), 0, 0.3));
    const miss = Math.exp(epsilonOptimalLog(one(0), 0, 0.3));
    expect(k * hit + (all - k) * miss).toBeCloseTo(1, 14);
    expect(hit - miss).toBeCloseTo(0.7 / k, 14);
  }
});

test('likeliestEpsilon is never less likely than any ε of a fine grid', () => {
  fc.assert(
    fc.property(decisions, (counts) => {
      const { epsilon, logLikelihood } = likeliestEpsilon(counts);
      if (epsilon === null) {
        // nothing depends on ε
        expect(total(counts, 0.9)).toBeCloseTo(total(counts, 0.1), 10);
        expect(logLikelihood).toBeCloseTo(total(counts, 0.5), 10);
        return;
      }
      expect(logLikelihood).toBeCloseTo(total(counts, epsilon), 9);
      for (let i = 0; i <= 200; i++)
        expect(total(counts, i / 200)).toBeLessThanOrEqual(logLikelihood + 1e-9);
    }),
  );
});

test('likeliestEpsilon of two options is twice the share of misses, at most 1', () => {
  const of = (hits: number, misses: number): SlipCounts => {
    const count = hits + misses;
    return {
      options: new Int32Array(count).fill(2),
      optimal: new Int32Array(count).fill(1),
      hit: Uint8Array.from({ length: count }, (_, d) => Number(d < hits)),
    };
  };
  expect(likeliestEpsilon(of(90, 10)).epsilon).toBeCloseTo(0.2, 14);
  expect(likeliestEpsilon(of(3, 7)).epsilon).toBe(1);
  expect(likeliestEpsilon(of(5, 0))).toEqual({ epsilon: 0, logLikelihood: 0 });
  expect(likeliestEpsilon(of(0, 4)).logLikelihood).toBeCloseTo(4 * Math.log(0.5), 14);
});

test('likeliestEpsilon looks only at what is kept', () => {
  const counts: SlipCounts = {
    options: Int32Array.of(2, 2, 2, 2, 3),
    optimal: Int32Array.of(1, 1, 1, 1, 1),
    hit: Uint8Array.of(1, 1, 1, 0, 0),
  };
  expect(likeliestEpsilon(counts, (d) => d < 4).epsilon).toBeCloseTo(0.5, 14);
  expect(likeliestEpsilon(counts, () => false)).toEqual({ epsilon: null, logLikelihood: 0 });
});
