/**
 * A world of cells between which people move to one of eight (or four) neighbours. A state is a cell
 * or, where the way one came matters, a cell and the move that led into it: then a move can cost
 * more the more it turns.
 *
 * x grows eastwards and y northwards, as coordinates in metres do. Several grids that nothing
 * connects may be one world, so that one reward is learned of all.
 */

import type { World } from '../mdp/world.ts';

/** A direction to move in, counter-clockwise from the east in eighths of a turn. */
export interface Direction {
  readonly name: string;
  readonly dx: number;
  readonly dy: number;
}

export const DIRECTIONS: readonly Direction[] = [
  { name: 'E', dx: 1, dy: 0 },
  { name: 'NE', dx: 1, dy: 1 },
  { name: 'N', dx: 0, dy: 1 },
  { name: 'NW', dx: -1, dy: 1 },
  { name: 'W', dx: -1, dy: 0 },
  { name: 'SW', dx: -1, dy: -1 },
  { name: 'S', dx: 0, dy: -1 },
  { name: 'SE', dx: 1, dy: -1 },
];

/** Cells that are connected with each other and with no others. */
export interface CellPart {
  /** Begins the names of its states; may be empty where it is the only part. */
  readonly name: string;
  /** [cells × 2] column and row of each cell, distinct. */
  readonly cells: Int32Array;
}

export interface CellWorldOptions {
  /** Moves to all neighbours (8), or to those that share an edge (4). */
  readonly moves?: 4 | 8;
  /** Whether a state knows the move that led into it. */
  readonly headings?: boolean;
}

export interface CellWorld {
  /** States are named `part 3,-2`, or `part 3,-2 NE` with the move that led there. */
  readonly world: World;
  /** Over all parts, one after another. */
  readonly cellCount: number;
  /** [states] */
  readonly cellOfState: Int32Array;
  /** [states] number of the direction that led there; −1 where states do not know. */
  readonly headingOfState: Int32Array;
  /** [cells] */
  readonly partOfCell: Int32Array;
  /** Returns the state of a cell entered in a direction; −1 where there is none. */
  readonly stateOf: (cell: number, heading: number) => number;
  /** Returns the cell beside a cell; −1 where there is none. */
  readonly neighbor: (cell: number, direction: number) => number;
}

/** Width of empty space between parts in pictures, in cells. */
const GAP = 3;

export function cellWorld(
  parts: readonly CellPart[],
  { moves = 8, headings = false }: CellWorldOptions = {},
): CellWorld {
  const step = moves === 8 ? 1 : 2;
  const directions = DIRECTIONS.flatMap((_, d) => (d % step === 0 ? [d] : []));
  const { cellNames, partOfCell, beside, places } = connect(parts, directions);
  const cellCount = cellNames.length;
  const states = Int32Array.from({ length: cellCount * DIRECTIONS.length }, () => -1);
  const cellOfState: number[] = [];
  const headingOfState: number[] = [];
  for (let cell = 0; cell < cellCount; cell++)
    for (const d of headings ? directions : [0]) {
      // A cell is entered from the one behind it.
      if (headings && beside[8 * cell + ((d + 4) % 8)] < 0) continue;
      states[8 * cell + d] = cellOfState.length;
      cellOfState.push(cell);
      headingOfState.push(headings ? d : -1);
    }
  const stateOf = (cell: number, heading: number): number =>
    states[8 * cell + (headings ? heading : 0)];

  const pairStart = new Int32Array(cellOfState.length + 1);
  const next: number[] = [];
  const action: number[] = [];
  cellOfState.forEach((cell, s) => {
    directions.forEach((d, a) => {
      const to = beside[8 * cell + d];
      if (to < 0) return;
      next.push(stateOf(to, d));
      action.push(a);
    });
    pairStart[s + 1] = next.length;
  });
  const position = new Float64Array(2 * cellOfState.length);
  cellOfState.forEach((cell, s) => {
    position.set(places.subarray(2 * cell, 2 * cell + 2), 2 * s);
  });
  const world: World = {
    mdp: {
      stateCount: cellOfState.length,
      pairCount: next.length,
      pairStart,
      transitionStart: Int32Array.from({ length: next.length + 1 }, (_, pair) => pair),
      nextState: Int32Array.from(next),
      probability: new Float64Array(next.length).fill(1),
    },
    stateNames: cellOfState.map((cell, s) =>
      headings ? `${cellNames[cell]} ${DIRECTIONS[headingOfState[s]].name}` : cellNames[cell],
    ),
    actionNames: directions.map((d) => DIRECTIONS[d].name),
    pairAction: Int32Array.from(action),
    layout: { kind: 'cells', position },
  };
  return {
    world,
    cellCount,
    cellOfState: Int32Array.from(cellOfState),
    headingOfState: Int32Array.from(headingOfState),
    partOfCell,
    stateOf,
    neighbor: (cell, direction) => beside[8 * cell + direction],
  };
}

/** Numbers the cells of all parts, finds their neighbours, and lays the parts side by side. */
function connect(parts: readonly CellPart[], directions: readonly number[]) {
  const counts = parts.map(({ cells }) => cells.length / 2);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cellNames: string[] = [];
  const partOfCell = new Int32Array(total);
  const beside = new Int32Array(8 * total).fill(-1);
  const places = new Float64Array(2 * total);
  let first = 0;
  let left = 0;
  parts.forEach(({ name, cells }, part) => {
    const numbers = new Map<string, number>();
    let [west, east, north] = [Infinity, -Infinity, -Infinity];
    for (let i = 0; i < counts[part]; i++) {
      const [x, y] = [cells[2 * i], cells[2 * i + 1]];
      numbers.set(`${x},${y}`, first + i);
      cellNames.push(name === '' ? `${x},${y}` : `${name} ${x},${y}`);
      partOfCell[first + i] = part;
      [west, east, north] = [Math.min(west, x), Math.max(east, x), Math.max(north, y)];
    }
    for (let i = 0; i < counts[part]; i++) {
      const [x, y] = [cells[2 * i], cells[2 * i + 1]];
      places.set([left + x - west, north - y], 2 * (first + i));
      for (const d of directions) {
        const { dx, dy } = DIRECTIONS[d];
        beside[8 * (first + i) + d] = numbers.get(`${x + dx},${y + dy}`) ?? -1;
      }
    }
    first += counts[part];
    if (counts[part] > 0) left += east - west + 1 + GAP;
  });
  if (new Set(cellNames).size < total)
    throw new RangeError('Cannot build a world of cells: two cells have the same name');
  return { cellNames, partOfCell, beside, places };
}
