/**
 * Grid worlds with slippery moves: an open square of any size, and maps drawn as text.
 *
 * A move off the grid or into a wall stays in place. x grows to the right and y downwards, as the
 * map is read; a state is named 'x,y'.
 */

import { z } from 'zod';
import type { World } from '../mdp/world.ts';
import { slipMdp } from './slipMdp.ts';

const MOVES = ['down', 'up', 'right', 'left', 'stay'];
const DX = [0, 0, 1, -1, 0];
const DY = [1, -1, 0, 0, 0];

const SLIP = 'Probability that a uniformly random move happens instead of the intended one';

export const SlipGridOptions = z.strictObject({
  size: z.int().positive().default(32).describe('Cells along each side'),
  slip: z.number().min(0).max(1).default(0.3).describe(SLIP),
});
export type SlipGridOptions = z.input<typeof SlipGridOptions>;

/**
 * Builds an open size × size grid with four moves and staying; state y · size + x. Rows have three
 * to five successors where slip > 0.
 */
export function slipGrid(options: SlipGridOptions = {}): World {
  const { size, slip } = SlipGridOptions.parse(options);
  const stateCount = size * size;
  const target = new Int32Array(stateCount * MOVES.length);
  const stateNames = new Array<string>(stateCount);
  for (let y = 0, s = 0; y < size; y++) {
    for (let x = 0; x < size; x++, s++) {
      for (let d = 0; d < MOVES.length; d++) {
        const nx = x + DX[d];
        const ny = y + DY[d];
        const inside = nx >= 0 && ny >= 0 && nx < size && ny < size;
        target[s * MOVES.length + d] = inside ? ny * size + nx : s;
      }
      stateNames[s] = `${x},${y}`;
    }
  }
  const mdp = slipMdp({ stateCount, moveCount: MOVES.length, target }, slip);
  const pairAction = new Int32Array(mdp.pairCount);
  for (let pair = 0; pair < mdp.pairCount; pair++) pairAction[pair] = pair % MOVES.length;
  return { mdp, stateNames, actionNames: MOVES, pairAction };
}

export const GridMapOptions = z.strictObject({
  rows: z
    .array(z.string().min(1))
    .min(1)
    .default(['#########', '#S..#...#', '#...#.#.#', '#.....#G#', '#########'])
    .describe('One text per row, all of one length; # is a wall, every other character a cell'),
  slip: z.number().min(0).max(1).default(0).describe(SLIP),
  stay: z.boolean().default(true).describe('Whether staying in place is a fifth move'),
  terminal: z
    .string()
    .default('')
    .describe('Characters whose cells offer no choice: the task ends there'),
});
export type GridMapOptions = z.input<typeof GridMapOptions>;

export interface GridMap {
  readonly world: World;
  /** The states drawn with a character, ascending; empty for one that does not occur. */
  statesOf(character: string): readonly number[];
}

/**
 * Builds the world that a text map draws; free cells are numbered row by row.
 *
 * @throws SyntaxError where rows differ in length or no cell is free
 */
export function gridFromMap(options: GridMapOptions = {}): GridMap {
  const { rows, slip, stay, terminal } = GridMapOptions.parse(options);
  const width = rows[0].length;
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0) {
    throw new SyntaxError(
      `Cannot read the map: row ${uneven + 1} must have ${width} characters, got ${rows[uneven].length}`,
    );
  }
  const cells = [...rows.join('')];
  const stateOfCell = new Int32Array(cells.length).fill(-1);
  const cellOfState = cells.flatMap((character, cell) => (character === '#' ? [] : [cell]));
  if (cellOfState.length === 0) throw new SyntaxError('Cannot read the map: every cell is a wall');
  cellOfState.forEach((cell, s) => {
    stateOfCell[cell] = s;
  });

  const moves = stay ? MOVES : MOVES.slice(0, -1);
  const target = new Int32Array(cellOfState.length * moves.length);
  cellOfState.forEach((cell, s) => {
    const x = cell % width;
    const y = Math.floor(cell / width);
    moves.forEach((_, d) => {
      const nx = x + DX[d];
      const ny = y + DY[d];
      const inside = nx >= 0 && ny >= 0 && nx < width && ny < rows.length;
      const to = inside ? stateOfCell[ny * width + nx] : -1;
      target[s * moves.length + d] = to < 0 ? s : to;
    });
  });

  const characterOf = cellOfState.map((cell) => cells[cell]);
  const mdp = slipMdp(
    {
      stateCount: cellOfState.length,
      moveCount: moves.length,
      target,
      terminal: Uint8Array.from(characterOf, (character) => Number(terminal.includes(character))),
    },
    slip,
  );
  return {
    world: {
      mdp,
      stateNames: cellOfState.map((cell) => `${cell % width},${Math.floor(cell / width)}`),
      actionNames: moves,
      pairAction: Int32Array.from({ length: mdp.pairCount }, (_, pair) => pair % moves.length),
    },
    statesOf: (character) => characterOf.flatMap((drawn, s) => (drawn === character ? [s] : [])),
  };
}
