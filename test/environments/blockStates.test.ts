import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockStates } from '../../src/environments/blockStates.ts';
import { gridFromMap } from '../../src/environments/gridworld.ts';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import { arbitraryMdp } from '../support/arbitraryMdp.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

test('blockStates keeps the dynamics but for what is blocked, which becomes staying', () => {
  fc.assert(
    fc.property(arbitraryMdp(), fc.nat(63), (mdp, mask) => {
      const flags = Uint8Array.from({ length: mdp.stateCount }, (_, s) => (mask >> s) & 1);
      // the shapes of arbitraryMdp do not order successors; a dense row does
      const dense = (pair: number): Float64Array => {
        const row = new Float64Array(mdp.stateCount);
        for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
          row[mdp.nextState[k]] += mdp.probability[k];
        return row;
      };
      const changed = blockStates(mdp, flags);
      const stateOfPair = statesOfPairs(mdp);
      for (let pair = 0; pair < mdp.pairCount; pair++) {
        const wanted = dense(pair);
        const s = stateOfPair[pair];
        wanted.forEach((p, to) => {
          if (flags[to] === 0 || to === s) return;
          wanted[s] += p;
          wanted[to] = 0;
        });
        const got = new Float64Array(mdp.stateCount);
        for (let k = changed.transitionStart[pair]; k < changed.transitionStart[pair + 1]; k++)
          got[changed.nextState[k]] += changed.probability[k];
        for (let to = 0; to < got.length; to++) expect(got[to]).toBeCloseTo(wanted[to], 12);
      }
    }),
  );
});

test('blockStates makes a cell of a grid what a wall of its map is', () => {
  const open = gridFromMap({ rows: ['....', '.x..', '...G'], slip: 0.3, terminal: 'G' });
  const walled = gridFromMap({ rows: ['....', '.#..', '...G'], slip: 0.3, terminal: 'G' });
  const flags = new Uint8Array(open.world.mdp.stateCount);
  const [gap] = open.statesOf('x');
  flags[gap] = 1;
  const blocked = transitionMatrix(blockStates(open.world.mdp, flags));
  const wanted = transitionMatrix(walled.world.mdp);
  const kept = [...statesOfPairs(open.world.mdp)].flatMap((s, pair) => (s === gap ? [] : [pair]));
  expect(kept).toHaveLength(wanted.length);
  kept.forEach((pair, i) => {
    const row = [...blocked[pair]];
    expect(row[gap]).toBe(0);
    row.splice(gap, 1);
    row.forEach((p, to) => {
      expect(p).toBeCloseTo(wanted[i][to], 12);
    });
  });
});

test('blockStates wants one flag per state', () => {
  const { mdp } = gridFromMap().world;
  expect(() => blockStates(mdp, new Uint8Array(2))).toThrow(
    'flags are wanted (one per state), got 2',
  );
});
