import { expect, test } from 'vitest';
import { cellGrid, type RoadNetwork, roadGrid } from '../../src/environments/roadGrid.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

/** Each move of a network with what it leads from and to, and its features by name. */
function movesOf({ world, features }: RoadNetwork) {
  const { mdp, stateNames, actionNames, pairAction } = world;
  const width = features.names.length;
  return stateNames.flatMap((from, s) =>
    Array.from({ length: mdp.pairStart[s + 1] - mdp.pairStart[s] }, (_, i) => {
      const pair = mdp.pairStart[s] + i;
      return {
        from,
        to: stateNames[mdp.nextState[pair]],
        action: actionNames[pairAction[pair]],
        seen: Object.fromEntries(
          features.names.map((name, j) => [name, features.values[pair * width + j]]),
        ),
      };
    }),
  );
}

test('roadGrid joins links head to tail; turns are what the crossings say', () => {
  const size = 6;
  const road = roadGrid({ size, drop: 0.2 }, createRng(0, 'test'));
  const at = (crossing: number) => [crossing % size, Math.floor(crossing / size)];
  const lengths = new Map<string, number>();
  for (const { from, to, action, seen } of movesOf(road)) {
    expect(action).toBe(to);
    const [a, b] = from.split('>').map(Number);
    const [c, d] = to.split('>').map(Number);
    expect(c).toBe(b);
    const [ux, uy] = [at(b)[0] - at(a)[0], at(b)[1] - at(a)[1]];
    const [vx, vy] = [at(d)[0] - at(c)[0], at(d)[1] - at(c)[1]];
    expect(ux * ux + uy * uy).toBe(1);
    expect(seen['left turn']).toBe(ux * vy - uy * vx === 1 ? 1 : 0);
    expect(seen['U-turn']).toBe(d === a ? 1 : 0);
    expect(seen['link constant']).toBe(1);
    // a link has one length, whichever link it is entered from, and the same in both directions
    const street = [c, d].sort((p, q) => p - q).join('-');
    expect(seen.length).toBe(lengths.get(street) ?? seen.length);
    lengths.set(street, seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(0.5);
    expect(seen.length).toBeLessThan(1.5);
  }
});

test('roadGrid offers every turn that the streets allow, a U-turn always', () => {
  const road = roadGrid({ size: 5, drop: 0.3 }, createRng(2, 'test'));
  const { stateNames, mdp } = road.world;
  expect(new Set(stateNames).size).toBe(stateNames.length);
  const moves = movesOf(road);
  const possible = stateNames.flatMap((from) =>
    stateNames.filter((to) => to.split('>')[0] === from.split('>')[1]).map((to) => from + to),
  );
  expect(new Set(moves.map(({ from, to }) => from + to))).toEqual(new Set(possible));
  expect(moves).toHaveLength(possible.length);
  for (let s = 0; s < mdp.stateCount; s++) {
    const own = moves.filter(({ from }) => from === stateNames[s]);
    expect(own.filter(({ seen }) => seen['U-turn'] === 1)).toHaveLength(1);
  }
  transitionMatrix(mdp);
});

test('roadGrid drops the share of streets it is told', () => {
  const links = (drop: number) =>
    roadGrid({ size: 30, drop }, createRng(0, 'test')).world.mdp.stateCount;
  expect(links(0)).toBe(4 * 30 * 29);
  const share = 1 - links(0.25) / (4 * 30 * 29);
  // 5 standard deviations of a share of 2 · 30 · 29 streets
  expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / (2 * 30 * 29)));
});

test('cellGrid joins every cell with its neighbours, each edge with its own length', () => {
  const size = 5;
  const grid = cellGrid({ size }, createRng(0, 'test'));
  const moves = movesOf(grid);
  expect(moves).toHaveLength(4 * size * (size - 1));
  for (const { from, to } of moves) {
    const [a, b] = [from.split(',').map(Number), to.split(',').map(Number)];
    expect(Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])).toBe(1);
  }
  expect(new Set(moves.map(({ from, to }) => `${from}>${to}`)).size).toBe(moves.length);
  expect(new Set(grid.features.values).size).toBe(moves.length);
});

test('networks are decided by their stream', () => {
  const values = (seed: number) => roadGrid({ size: 4 }, createRng(seed, 'test')).features.values;
  expect(values(1)).toEqual(values(1));
  expect(values(1)).not.toEqual(values(2));
});
