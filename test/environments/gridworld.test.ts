import { expect, test } from 'vitest';
import { gridFromMap, slipGrid } from '../../src/environments/gridworld.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

const MOVES: Record<string, readonly [number, number]> = {
  down: [0, 1],
  up: [0, -1],
  right: [1, 0],
  left: [-1, 0],
  stay: [0, 0],
};

test('slipGrid moves as its names say: 1 − slip as intended, else any of the five moves', () => {
  const size = 4;
  const slip = 0.3;
  const { mdp, stateNames, actionNames, pairAction } = slipGrid({ size, slip });
  const matrix = transitionMatrix(mdp);
  const at = new Map(stateNames.map((name, s) => [name, s]));
  stateNames.forEach((name, s) => {
    const [x, y] = name.split(',').map(Number);
    const after = (move: string) => {
      const [dx, dy] = MOVES[move];
      return at.get(`${x + dx},${y + dy}`) ?? s;
    };
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
      const expected = new Float64Array(size * size);
      expected[after(actionNames[pairAction[pair]])] += 1 - slip;
      for (const move of Object.keys(MOVES)) expected[after(move)] += slip / 5;
      expected.forEach((p, to) => {
        expect(matrix[pair][to]).toBeCloseTo(p, 14);
      });
    }
  });
});

test('slipGrid has 5 (5 N² − 4 N) transitions, rows of 3 to 5', () => {
  for (const size of [2, 3, 17, 32]) {
    const { mdp } = slipGrid({ size });
    expect(mdp.stateCount).toBe(size * size);
    expect(mdp.pairCount).toBe(5 * size * size);
    expect(mdp.nextState).toHaveLength(5 * (5 * size * size - 4 * size));
    const lengths = Array.from(
      { length: mdp.pairCount },
      (_, pair) => mdp.transitionStart[pair + 1] - mdp.transitionStart[pair],
    );
    expect(Math.min(...lengths)).toBe(3);
    expect(Math.max(...lengths)).toBe(size > 2 ? 5 : 3);
  }
});

test('slipGrid without slip is deterministic, and one cell is its own only neighbour', () => {
  const { mdp } = slipGrid({ size: 5, slip: 0 });
  expect(mdp.nextState).toHaveLength(mdp.pairCount);
  expect(mdp.probability.every((p) => p === 1)).toBe(true);
  expect([...slipGrid({ size: 1 }).mdp.nextState]).toEqual([0, 0, 0, 0, 0]);
});

test('gridFromMap of an empty square is slipGrid', () => {
  const drawn = gridFromMap({ rows: ['...', '...', '...'], slip: 0.2 }).world;
  expect(drawn).toEqual(slipGrid({ size: 3, slip: 0.2 }));
});

test('gridFromMap stops at walls and edges and finds cells by their character', () => {
  const { world, statesOf } = gridFromMap({ rows: ['S#G', '..G'], stay: false });
  const { mdp, stateNames, actionNames, pairAction } = world;
  expect(stateNames).toEqual(['0,0', '2,0', '0,1', '1,1', '2,1']);
  expect(statesOf('S')).toEqual([0]);
  expect(statesOf('G')).toEqual([1, 4]);
  expect(statesOf('x')).toEqual([]);
  expect(actionNames).toEqual(['down', 'up', 'right', 'left']);
  const leads = (state: string) => {
    const s = stateNames.indexOf(state);
    return Object.fromEntries(
      Array.from({ length: mdp.pairStart[s + 1] - mdp.pairStart[s] }, (_, i) => {
        const pair = mdp.pairStart[s] + i;
        return [actionNames[pairAction[pair]], stateNames[mdp.nextState[pair]]];
      }),
    );
  };
  expect(leads('0,0')).toEqual({ down: '0,1', up: '0,0', right: '0,0', left: '0,0' });
  expect(leads('1,1')).toEqual({ down: '1,1', up: '1,1', right: '2,1', left: '0,1' });
});

test('gridFromMap ends at terminal cells: they offer no choice', () => {
  const { world, statesOf } = gridFromMap({ rows: ['.G.'], slip: 0.1, terminal: 'G' });
  const { pairStart, pairCount } = world.mdp;
  const [goal] = statesOf('G');
  expect(pairStart[goal + 1]).toBe(pairStart[goal]);
  expect(pairCount).toBe(10);
  expect([...world.pairAction]).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  transitionMatrix(world.mdp);
});

test('gridFromMap says which row is uneven, and that walls alone are no world', () => {
  expect(() => gridFromMap({ rows: ['...', '..'] })).toThrow('row 2 must have 3 characters, got 2');
  expect(() => gridFromMap({ rows: ['##'] })).toThrow('every cell is a wall');
});
