import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { arbitraryMdp, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

const names = ['a', 'b', 'c'];
const per = fc.constantFrom('pair' as const, 'state' as const);

test('linearReward is the features of the pair, or of its state, times θ', () => {
  fc.assert(
    fc.property(arbitraryMdp(), per, fc.nat(1000), (mdp, kind, seed) => {
      const rows = kind === 'pair' ? mdp.pairCount : mdp.stateCount;
      const values = numbers(seed, rows * names.length);
      const theta = numbers(seed + 1, names.length);
      const stateOfPair = statesOfPairs(mdp);
      const out = new Float64Array(mdp.pairCount).fill(Number.NaN);
      linearReward(mdp, { names, per: kind, values }).evaluate(theta, out);
      const wanted = out.map((_, pair) => {
        const row = (kind === 'pair' ? pair : stateOfPair[pair]) * names.length;
        return theta.reduce((sum, t, k) => sum + t * values[row + k], 0);
      });
      expectClose(out, wanted, 1e-14);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('linearReward pulls back by the adjoint of what it does forwards', () => {
  fc.assert(
    fc.property(arbitraryMdp(), per, fc.nat(1000), (mdp, kind, seed) => {
      const rows = kind === 'pair' ? mdp.pairCount : mdp.stateCount;
      const reward = linearReward(mdp, {
        names,
        per: kind,
        values: numbers(seed, rows * names.length),
      });
      const theta = numbers(seed + 1, names.length);
      const surplus = numbers(seed + 2, mdp.pairCount);
      const out = new Float64Array(mdp.pairCount);
      const gradient = new Float64Array(names.length).fill(Number.NaN);
      reward.evaluate(theta, out);
      reward.pullBack(theta, surplus, gradient);
      const forwards = surplus.reduce((sum, n, pair) => sum + n * out[pair], 0);
      const backwards = gradient.reduce((sum, g, k) => sum + g * theta[k], 0);
      expectClose([backwards], [forwards], 1e-13);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('linearReward refuses features of another world', () => {
  const [mdp] = fc.sample(arbitraryMdp({ terminals: false }), { seed: 1, numRuns: 1 });
  const values = new Float64Array(names.length * (mdp.pairCount + 1));
  expect(() => linearReward(mdp, { names, per: 'pair', values })).toThrow(
    `features must have ${mdp.pairCount} rows (one per pair) of 3, got ${values.length} numbers`,
  );
});
