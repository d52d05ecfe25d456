import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { policyIteration } from '../../src/planning/policyIteration.ts';
import { terminalStop } from '../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../src/planning/valueIteration.ts';
import { arbitraryTask, mdpOf, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { solveDense } from '../support/denseLinearAlgebra.ts';

/** Every way to choose a pair (−1: stop) in each state. */
function everyPolicy(mdp: Mdp, stop: Float64Array): number[][] {
  let policies: number[][] = [[]];
  for (let s = 0; s < mdp.stateCount; s++) {
    const options: number[] = stop[s] > Number.NEGATIVE_INFINITY ? [-1] : [];
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) options.push(pair);
    policies = policies.flatMap((chosen) => options.map((option) => [...chosen, option]));
  }
  return policies;
}

/** The value of always choosing so, by elimination. */
function worthOf(
  mdp: Mdp,
  reward: Float64Array,
  stop: Float64Array,
  discount: number,
  policy: readonly number[],
): number[] {
  const matrix = policy.map((pair, s) => {
    const row = policy.map((_, to) => (to === s ? 1 : 0));
    if (pair < 0) return row;
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      row[mdp.nextState[k]] -= discount * mdp.probability[k];
    return row;
  });
  const gain = policy.map((pair, s) => [pair < 0 ? stop[s] : reward[pair]]);
  return (solveDense(matrix, gain) ?? []).map(([v]) => v);
}

test('valueIteration and policyIteration are the best of all policies', () => {
  fc.assert(
    fc.property(arbitraryTask({ mostStates: 4 }), ({ mdp, reward, discount, seed }) => {
      const drawn = numbers(seed + 1, mdp.stateCount, -2, 2);
      const stop = terminalStop(mdp).map((t, s) => (t === 0 || s % 2 ? t : drawn[s]));
      const worths = everyPolicy(mdp, stop).map((p) => worthOf(mdp, reward, stop, discount, p));
      const best = worths[0].map((_, s) => Math.max(...worths.map((worth) => worth[s])));
      const byValues = valueIteration(mdp, reward, { discount }, stop);
      const byPolicies = policyIteration(mdp, reward, { discount }, stop);
      expect(byValues.converged && byPolicies.converged).toBe(true);
      expectClose(byValues.value, best, 1e-8);
      expectClose(byPolicies.value, best, 1e-10);
      // the greedy choices are worth what they promise
      expectClose(worthOf(mdp, reward, stop, discount, [...byValues.greedy]), best, 1e-8);
      expectClose(worthOf(mdp, reward, stop, discount, [...byPolicies.greedy]), best, 1e-10);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('policyIteration refuses a discount without a horizon', () => {
  const mdp = mdpOf([[[{ to: 0, probability: 1 }]]]);
  expect(() => policyIteration(mdp, Float64Array.of(1), { discount: 1 })).toThrow(
    'the discount must be in [0, 1), got 1',
  );
});

test('policyIteration equals valueIteration at γ = 0.999', () => {
  fc.assert(
    fc.property(arbitraryTask({}, [0.999]), ({ mdp, reward, discount }) => {
      const byValues = valueIteration(mdp, reward, { discount });
      const byPolicies = policyIteration(mdp, reward, { discount });
      expectClose(byPolicies.value, byValues.value, 1e-6);
      expect(byPolicies.iterations).toBeLessThan(20);
    }),
    { seed: 2, numRuns: 15 },
  );
});
