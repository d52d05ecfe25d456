import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import { tabularReward } from '../../src/rewards/tabularReward.ts';
import { arbitraryMdp, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

test('tabularReward pays θ(s) at every decision in s, and pulls back by the adjoint', () => {
  fc.assert(
    fc.property(arbitraryMdp(), fc.nat(1000), (mdp, seed) => {
      const stateNames = Array.from({ length: mdp.stateCount }, (_, s) => `s${s}`);
      const reward = tabularReward(mdp, stateNames);
      expect(reward.size).toBe(mdp.stateCount);
      expect(reward.names).toEqual(stateNames);
      const theta = numbers(seed, mdp.stateCount);
      const out = new Float64Array(mdp.pairCount).fill(Number.NaN);
      reward.evaluate(theta, out);
      expect([...out]).toEqual([...statesOfPairs(mdp)].map((s) => theta[s]));

      const surplus = numbers(seed + 1, mdp.pairCount);
      const gradient = new Float64Array(mdp.stateCount).fill(Number.NaN);
      reward.pullBack(theta, surplus, gradient);
      const forwards = surplus.reduce((sum, n, pair) => sum + n * out[pair], 0);
      const backwards = gradient.reduce((sum, g, s) => sum + g * theta[s], 0);
      expectClose([backwards], [forwards], 1e-13);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('tabularReward refuses names of another world', () => {
  const [mdp] = fc.sample(arbitraryMdp(), { seed: 1, numRuns: 1 });
  const names = new Array<string>(mdp.stateCount + 1).fill('x');
  expect(() => tabularReward(mdp, names)).toThrow(
    `wanted ${mdp.stateCount} state names, got ${names.length}`,
  );
});
