import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, sampleIndex } from '../../src/numeric/rng.ts';
import { arrivalShares } from '../../src/planning/arrivalShares.ts';
import { evaluatePolicy, uniformPolicy } from '../../src/planning/policyEvaluation.ts';
import { arbitraryTask, distribution, mdpOf } from '../support/arbitraryMdp.ts';

/** 0 – 1 – 2, left or right at each; 2 is where one wants to be. */
const street = mdpOf([
  [[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }]],
  [[{ to: 0, probability: 1 }], [{ to: 2, probability: 1 }]],
  [],
]);

test('arrivalShares of a coin on a short street are those written down by hand', () => {
  const shares = arrivalShares(street, uniformPolicy(street), Float64Array.of(1, 0, 0), [2], 4);
  expect([...shares]).toEqual([0, 0, 1 / 4, 3 / 8, 1 / 2]);
});

test('arrivalShares rise, and sum to the expected time where arrival is certain', () => {
  const start = Float64Array.of(1, 0, 0);
  const policy = Float64Array.of(0.3, 0.7, 0.6, 0.4);
  const shares = arrivalShares(street, policy, start, [2], 400);
  const late = shares.reduce((sum, share) => sum + 1 - share, 0);
  const steps = evaluatePolicy(street, new Float64Array(4).fill(1), policy, { discount: 1 });
  expect(late).toBeCloseTo(steps[0], 9);
});

test('arrivalShares agree with walks drawn one by one', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: false, mostStates: 4 }), ({ mdp, seed }) => {
      const rng = createRng(seed, 'walks');
      const policy = uniformPolicy(mdp);
      const start = distribution(seed, mdp.stateCount);
      const steps = 5;
      const shares = arrivalShares(mdp, policy, start, [0], steps);
      const walks = 2000;
      const counted = new Float64Array(steps + 1);
      for (let walk = 0; walk < walks; walk++) {
        let s = sampleIndex(start, rng);
        for (let t = 0; t <= steps; t++) {
          if (s === 0) {
            for (let u = t; u <= steps; u++) counted[u]++;
            break;
          }
          const pair = sampleIndex(policy, rng, mdp.pairStart[s], mdp.pairStart[s + 1]);
          const [first, end] = [mdp.transitionStart[pair], mdp.transitionStart[pair + 1]];
          s = mdp.nextState[sampleIndex(mdp.probability, rng, first, end)];
        }
      }
      for (let t = 0; t <= steps; t++) {
        const p = shares[t];
        // five standard errors, and one walk for shares near 0 and 1
        const allowed = 5 * Math.sqrt((p * (1 - p)) / walks) + 1 / walks;
        expect(Math.abs(counted[t] / walks - p)).toBeLessThan(allowed);
      }
    }),
    { numRuns: 20, seed: 7 },
  );
});

test('arrivalShares refuse a policy or a start of another world', () => {
  const start = Float64Array.of(1, 0, 0);
  expect(() => arrivalShares(street, new Float64Array(3), start, [2], 1)).toThrow(
    'must have 4 entries (one per pair), got 3',
  );
  expect(() => arrivalShares(street, new Float64Array(4), start.subarray(1), [2], 1)).toThrow(
    'must have 3 entries (one per state), got 2',
  );
});
