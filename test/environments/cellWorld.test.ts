import { describe, expect, test } from 'vitest';
import { cellWorld, DIRECTIONS } from '../../src/environments/cellWorld.ts';

/** A square of 3 × 3 without its middle, and a row of three cells. */
const ring = Int32Array.of(0, 0, 1, 0, 2, 0, 0, 1, 2, 1, 0, 2, 1, 2, 2, 2);
const row = Int32Array.of(5, 1, 6, 1, 7, 1);

describe.each([
  { moves: 8, headings: true },
  { moves: 8, headings: false },
  { moves: 4, headings: true },
  { moves: 4, headings: false },
] as const)('cellWorld with $moves moves, headings $headings', (options) => {
  const cells = cellWorld(
    [
      { name: 'ring', cells: ring },
      { name: 'row', cells: row },
    ],
    options,
  );
  const { world, cellOfState, headingOfState, partOfCell, stateOf, neighbor } = cells;
  const places = [ring, row].flatMap((part) =>
    Array.from({ length: part.length / 2 }, (_, i) => [part[2 * i], part[2 * i + 1]] as const),
  );

  test('leads to the cell that lies in the direction of the move, of the same part', () => {
    const { pairStart, nextState } = world.mdp;
    for (let s = 0; s < world.mdp.stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        const direction = DIRECTIONS.findIndex(
          ({ name }) => name === world.actionNames[world.pairAction[pair]],
        );
        const [from, to] = [cellOfState[s], cellOfState[nextState[pair]]];
        const { dx, dy } = DIRECTIONS[direction];
        expect(places[to]).toEqual([places[from][0] + dx, places[from][1] + dy]);
        expect(partOfCell[to]).toBe(partOfCell[from]);
        expect(neighbor(from, direction)).toBe(to);
        if (options.headings) expect(headingOfState[nextState[pair]]).toBe(direction);
      }
  });

  test('offers every move to a cell that is there, and none to others', () => {
    const { pairStart } = world.mdp;
    for (let s = 0; s < world.mdp.stateCount; s++) {
      const from = cellOfState[s];
      const beside = DIRECTIONS.filter(({ dx, dy }, d) => {
        if (options.moves === 4 && d % 2 === 1) return false;
        return places.some(
          ([x, y], cell) =>
            partOfCell[cell] === partOfCell[from] &&
            x === places[from][0] + dx &&
            y === places[from][1] + dy,
        );
      });
      expect(pairStart[s + 1] - pairStart[s]).toBe(beside.length);
    }
  });

  test('finds every state by its cell and heading, and names it alone', () => {
    for (let s = 0; s < world.mdp.stateCount; s++)
      expect(stateOf(cellOfState[s], headingOfState[s])).toBe(s);
    expect(new Set(world.stateNames).size).toBe(world.mdp.stateCount);
  });

  test('lays out all states of a cell at one place, and no two cells at the same', () => {
    const { layout } = world;
    if (layout?.kind !== 'cells') throw new TypeError('wanted cells');
    const placeOf = new Map<number, string>();
    cellOfState.forEach((cell, s) => {
      const place = layout.position.slice(2 * s, 2 * s + 2).join();
      expect(placeOf.get(cell) ?? place).toBe(place);
      placeOf.set(cell, place);
    });
    expect(new Set(placeOf.values()).size).toBe(placeOf.size);
  });
});

test('cellWorld names states by part, cell and heading', () => {
  const { world } = cellWorld([{ name: '', cells: row }], { headings: true });
  expect(world.stateNames).toEqual(['5,1 W', '6,1 E', '6,1 W', '7,1 E']);
  expect(world.actionNames).toEqual(['E', 'NE', 'N', 'NW', 'W', 'SW', 'S', 'SE']);
});

test('cellWorld refuses two cells of one name', () => {
  expect(() => cellWorld([{ name: 'a', cells: Int32Array.of(0, 0, 0, 0) }])).toThrow(/same name/);
});
