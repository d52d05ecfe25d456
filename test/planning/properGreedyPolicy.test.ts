/** Greedy choices that end: worth what the values promise, where plain greed goes in circles. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frozenLake } from '../../src/environments/tabular/frozenLake.ts';
import { gambler } from '../../src/environments/tabular/gambler.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { evaluatePolicy } from '../../src/planning/policyEvaluation.ts';
import { properGreedyPolicy } from '../../src/planning/properGreedyPolicy.ts';
import { valueIteration } from '../../src/planning/valueIteration.ts';
import { arbitraryMdp, mdpOf } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

function policyOf(mdp: Mdp, greedy: Int32Array): Float64Array {
  const policy = new Float64Array(mdp.pairCount);
  for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
  return policy;
}

test('properGreedyPolicy crosses dry ice without a discount, where plain greed stays at the wall', () => {
  const { world, reward } = frozenLake({ success: 1 });
  const { mdp } = world;
  const plan = valueIteration(mdp, reward, { discount: 1 });
  // wherever the goal can be reached, all ways there are worth 1, and so is waiting
  expect(() => evaluatePolicy(mdp, reward, policyOf(mdp, plan.greedy), { discount: 1 })).toThrow(
    'the policy must end with certainty',
  );
  const { greedy, ends } = properGreedyPolicy(mdp, plan.actionValue);
  expect(ends.every((end) => end === 1)).toBe(true);
  const worth = evaluatePolicy(mdp, reward, policyOf(mdp, greedy), { discount: 1 });
  expectClose(worth, plan.value, 1e-12);
});

test.each([
  ['slippery ice', frozenLake({ map: '8x8' })],
  ['the gambler', gambler({ heads: 0.4 })],
])('properGreedyPolicy is worth the optimal values: %s', (_, { world, reward }) => {
  const { mdp } = world;
  const plan = valueIteration(mdp, reward, { discount: 1, tolerance: 1e-14 });
  const { greedy, ends } = properGreedyPolicy(mdp, plan.actionValue);
  expect(ends.every((end) => end === 1)).toBe(true);
  const worth = evaluatePolicy(mdp, reward, policyOf(mdp, greedy), { discount: 1 });
  expectClose(worth, plan.value, 1e-8);
});

test('properGreedyPolicy ends from wherever it says so, and from nowhere else that it could', () => {
  fc.assert(
    fc.property(arbitraryMdp({ terminals: true }), (mdp) => {
      // all alike: every action is as good as any, so that only the ends matter
      const { greedy, ends } = properGreedyPolicy(mdp, new Float64Array(mdp.pairCount));
      expect([...ends]).toEqual(certainEnds(mdp));
      const inside = mdpOf(
        Array.from(greedy, (pair, s) =>
          ends[s] === 0 || pair < 0
            ? []
            : [
                Array.from(
                  { length: mdp.transitionStart[pair + 1] - mdp.transitionStart[pair] },
                  (_, k) => ({
                    to: mdp.nextState[mdp.transitionStart[pair] + k],
                    probability: mdp.probability[mdp.transitionStart[pair] + k],
                  }),
                ),
              ],
        ),
      );
      // a policy that may go on for ever is refused here
      const steps = evaluatePolicy(
        inside,
        new Float64Array(inside.pairCount).fill(1),
        new Float64Array(inside.pairCount).fill(1),
        { discount: 1 },
      );
      expect(steps.every(Number.isFinite)).toBe(true);
    }),
    { seed: 6, numRuns: 100 },
  );
});

/** By the definition, over and over: drop actions that may leave, drop states that cannot arrive. */
function certainEnds(mdp: Mdp): number[] {
  let inside = new Array<number>(mdp.stateCount).fill(1);
  for (;;) {
    const usable = (pair: number): boolean => {
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        if (inside[mdp.nextState[k]] === 0) return false;
      return true;
    };
    const arrives = inside.map((_, s) => (mdp.pairStart[s] === mdp.pairStart[s + 1] ? 1 : 0));
    for (let round = 0; round < mdp.stateCount; round++)
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
          if (inside[s] === 0 || !usable(pair)) continue;
          for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
            if (arrives[mdp.nextState[k]] === 1) arrives[s] = 1;
        }
    if (arrives.every((a, s) => a === inside[s])) return arrives;
    inside = arrives;
  }
}

test('properGreedyPolicy takes the shortest of equal ways, ends where that is as good, and tells of none', () => {
  // 0 → 1 → 2 (end), 0 → 2 at once, 0 → 0; 3 only ever stays
  const mdp = mdpOf([
    [[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }], [{ to: 2, probability: 1 }]],
    [[{ to: 2, probability: 1 }]],
    [],
    [[{ to: 3, probability: 1 }]],
  ]);
  const { greedy, ends } = properGreedyPolicy(mdp, Float64Array.of(1, 1, 1, 1, 5));
  expect([...greedy]).toEqual([2, 3, -1, 4]);
  expect([...ends]).toEqual([1, 1, 1, 0]);
  const stop = Float64Array.of(-Infinity, 1, 0, -Infinity);
  expect([...properGreedyPolicy(mdp, Float64Array.of(1, 1, 0.5, 1, 5), stop).greedy]).toEqual([
    1, -1, -1, 4,
  ]);
  expect(() => properGreedyPolicy(mdp, new Float64Array(2))).toThrow('must have 5 entries');
});
