import { expect, test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import {
  createMoveWeights,
  fillMoveWeights,
  pullBackMoveWeights,
} from '../../src/planning/moveWeights.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';

/** Noisy moves, two actions a state, some of them between the same states. */
function noisyMdp(random: SeededRandom, stateCount: number): Mdp {
  const pairCount = 2 * stateCount;
  const nextState = new Int32Array(2 * pairCount);
  const probability = new Float64Array(2 * pairCount);
  for (let pair = 0; pair < pairCount; pair++) {
    const first = random.integer(0, stateCount - 2);
    nextState.set([first, random.integer(first + 1, stateCount - 1)], 2 * pair);
    const p = random.between(0.1, 0.9);
    probability.set([p, 1 - p], 2 * pair);
  }
  return {
    stateCount,
    pairCount,
    pairStart: Int32Array.from({ length: stateCount + 1 }, (_, s) => 2 * s),
    transitionStart: Int32Array.from({ length: pairCount + 1 }, (_, pair) => 2 * pair),
    nextState,
    probability,
  };
}

test.each([0, 1, 2, 3])(
  'moveWeights are Σ exp(r / τ) p over the pairs in use (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    const mdp = noisyMdp(random, 6);
    const reward = new Float64Array(12).map(() => random.normal());
    const usable = new Uint8Array(12).map(() => (random.chance(0.8) ? 1 : 0));
    const moves = createMoveWeights(mdp, new Uint8Array(6).fill(1), usable);
    const m = new Float64Array(moves.column.length);
    const out = new Uint8Array(12).fill(1);
    out[moves.pair[0]] = 0;
    fillMoveWeights(moves, reward, 0.5, out, m);
    const expected = new Float64Array(36);
    for (let pair = 0; pair < 12; pair++)
      for (let k = 2 * pair; k < 2 * pair + 2; k++)
        if (usable[pair] && out[pair])
          expected[6 * (pair >> 1) + mdp.nextState[k]] +=
            Math.exp(2 * reward[pair]) * mdp.probability[k];
    const dense = new Float64Array(36);
    for (let s = 0; s < 6; s++)
      for (let e = moves.rowStart[s]; e < moves.rowStart[s + 1]; e++) {
        expect(dense[6 * s + moves.column[e]]).toBe(0);
        dense[6 * s + moves.column[e]] = m[e];
      }
    for (let i = 0; i < 36; i++) expect(dense[i]).toBeCloseTo(expected[i], 12);
  },
);

test('moveWeights have rows only for the states asked for', () => {
  const mdp: Mdp = {
    stateCount: 4,
    pairCount: 4,
    pairStart: Int32Array.of(0, 1, 2, 4, 4),
    transitionStart: Int32Array.of(0, 1, 2, 3, 4),
    nextState: Int32Array.of(2, 0, 3, 3),
    probability: new Float64Array(4).fill(1),
  };
  const moves = createMoveWeights(mdp, Uint8Array.of(1, 0, 1, 1), new Uint8Array(4).fill(1));
  expect([...moves.state]).toEqual([0, 2, 3]);
  expect([...moves.rowOfState]).toEqual([0, -1, 1, 2]);
  expect([...moves.pair]).toEqual([0, 2, 3]);
  expect([...moves.pairState]).toEqual([0, 2, 2]);
  expect([...moves.column]).toEqual([1, 2]);
});

test('moveWeights pull back the gradient that central differences show', () => {
  const random = seededRandom(7);
  const mdp = noisyMdp(random, 5);
  const reward = new Float64Array(10).map(() => random.normal());
  const moves = createMoveWeights(mdp, new Uint8Array(5).fill(1), new Uint8Array(10).fill(1));
  const m = new Float64Array(moves.column.length);
  const mBar = m.map(() => random.normal());
  const valueAt = (r: Float64Array) => {
    fillMoveWeights(moves, r, 0.7, null, m);
    return m.reduce((sum, v, e) => sum + v * mBar[e], 0);
  };
  const slopes = reward.map((_, pair) => {
    const moved = (by: number) => reward.map((r, i) => (i === pair ? r + by : r));
    return (valueAt(moved(1e-6)) - valueAt(moved(-1e-6))) / 2e-6;
  });
  valueAt(reward);
  const surplus = new Float64Array(10).fill(1);
  pullBackMoveWeights(moves, mBar, 0.7, surplus);
  for (let pair = 0; pair < 10; pair++) expect(surplus[pair] - 1).toBeCloseTo(slopes[pair], 7);
});
