/** EPIC held against its definition over all triples, and against what it must not see. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  epicDistance,
  type TripleReward,
} from '../../../src/evaluation/comparison/epicDistance.ts';
import { type Mdp, statesOfPairs } from '../../../src/mdp/mdp.ts';
import { arbitraryMdp, numbers } from '../../support/arbitraryMdp.ts';

/** Definitions 4.1 and 4.6 of Gleave et al. (2021), every expectation a loop. */
function byDefinition(mdp: Mdp, discount: number, a: TripleReward, b: TripleReward): number {
  const states = [...new Array(mdp.stateCount).keys()].filter(
    (s) => mdp.pairStart[s + 1] > mdp.pairStart[s],
  );
  const pairsOf = (s: number): number[] =>
    Array.from({ length: mdp.pairStart[s + 1] - mdp.pairStart[s] }, (_, i) => mdp.pairStart[s] + i);
  const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;
  const canonical = ({ pairs, arrival }: TripleReward) => {
    const reward = (pair: number, next: number): number => pairs[pair] + (arrival?.[next] ?? 0);
    const from = (s: number): number =>
      mean(pairsOf(s).map((p) => mean(states.map((next) => reward(p, next)))));
    const overall = mean(states.map(from));
    return (s: number, pair: number, next: number): number =>
      reward(pair, next) + discount * from(next) - from(s) - discount * overall;
  };
  const [ca, cb] = [canonical(a), canonical(b)];
  let [weights, ma, mb] = [0, 0, 0];
  const triples: [number, number, number][] = [];
  for (const s of states)
    for (const p of pairsOf(s))
      for (const next of states) {
        const weight = 1 / pairsOf(s).length;
        const [x, y] = [ca(s, p, next), cb(s, p, next)];
        triples.push([weight, x, y]);
        weights += weight;
        ma += weight * x;
        mb += weight * y;
      }
  let [xx, yy, xy] = [0, 0, 0];
  for (const [w, x, y] of triples) {
    xx += w * (x - ma / weights) ** 2;
    yy += w * (y - mb / weights) ** 2;
    xy += w * (x - ma / weights) * (y - mb / weights);
  }
  return Math.sqrt((1 - xy / Math.sqrt(xx * yy)) / 2);
}

const world = fc.record({
  mdp: arbitraryMdp({ mostStates: 5 }).filter(
    ({ pairCount, stateCount }) => pairCount > stateCount,
  ),
  seed: fc.nat(1_000_000),
  discount: fc.constantFrom(0, 0.5, 0.99, 1),
});

function rewardOf(mdp: Mdp, seed: number): Required<TripleReward> {
  return { pairs: numbers(seed, mdp.pairCount), arrival: numbers(seed + 1, mdp.stateCount) };
}

/** R + γ Φ(s′) − Φ(s), and then times a scale. */
function shaped(
  mdp: Mdp,
  { pairs, arrival }: Required<TripleReward>,
  discount: number,
  potential: Float64Array,
  scale: number,
): TripleReward {
  const stateOfPair = statesOfPairs(mdp);
  return {
    pairs: pairs.map((r, p) => scale * (r - potential[stateOfPair[p]])),
    arrival: arrival.map((u, s) => scale * (u + discount * potential[s])),
  };
}

test('EPIC is its definition', () => {
  fc.assert(
    fc.property(world, ({ mdp, seed, discount }) => {
      const [a, b] = [rewardOf(mdp, seed), rewardOf(mdp, seed + 7)];
      const found = epicDistance(mdp, discount, a, b);
      if (found === null) return;
      expect(found).toBeCloseTo(byDefinition(mdp, discount, a, b), 7);
    }),
  );
});

test('EPIC does not see potential shaping, nor positive scale', () => {
  fc.assert(
    fc.property(world, fc.constantFrom(0.01, 1, 300), ({ mdp, seed, discount }, scale) => {
      const [a, b] = [rewardOf(mdp, seed), rewardOf(mdp, seed + 7)];
      const potential = numbers(seed + 3, mdp.stateCount, -5, 5);
      const same = shaped(mdp, a, discount, potential, scale);
      const before = epicDistance(mdp, discount, a, b);
      if (before === null) return;
      expect(epicDistance(mdp, discount, same, b)).toBeCloseTo(before, 7);
      expect(epicDistance(mdp, discount, a, same)).toBeLessThan(1e-6);
    }),
  );
});

test('EPIC is a distance from 0 to 1, 1 between opposites', () => {
  fc.assert(
    fc.property(world, ({ mdp, seed, discount }) => {
      const [a, b, c] = [0, 1, 2].map((i) => rewardOf(mdp, seed + 10 * i));
      const opposite = { pairs: a.pairs.map((r) => -r), arrival: a.arrival.map((u) => -u) };
      const [ab, ba] = [epicDistance(mdp, discount, a, b), epicDistance(mdp, discount, b, a)];
      const [ac, cb] = [epicDistance(mdp, discount, a, c), epicDistance(mdp, discount, c, b)];
      if (ab === null || ba === null || ac === null || cb === null) return;
      expect(ab).toBeCloseTo(ba, 12);
      expect(ab).toBeLessThanOrEqual(ac + cb + 1e-9);
      expect(epicDistance(mdp, discount, a, opposite)).toBeCloseTo(1, 9);
      expect(epicDistance(mdp, discount, a, a)).toBe(0);
    }),
  );
});

test('EPIC has no distance to a reward that asks for nothing', () => {
  fc.assert(
    fc.property(world, ({ mdp, seed, discount }) => {
      const zero = {
        pairs: new Float64Array(mdp.pairCount),
        arrival: new Float64Array(mdp.stateCount),
      };
      const only = shaped(mdp, zero, discount, numbers(seed, mdp.stateCount, -5, 5), 1);
      expect(epicDistance(mdp, discount, only, rewardOf(mdp, seed))).toBeNull();
    }),
  );
});
