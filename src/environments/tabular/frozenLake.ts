/**
 * FrozenLake: cross the ice from S to G without falling into a hole H. The ice is slippery: a move
 * goes where it was meant to with the given probability, else to one of the two sides.
 *
 * Reaching G pays 1, everything else nothing; holes and the goal end the task. States are read row
 * by row, as in Gymnasium's FrozenLake-v1.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';
import { createTextGrid } from './textGrid.ts';

/** The two usual lakes, row by row. */
export const frozenLakeMaps = {
  '4x4': ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  '8x8': [
    'SFFFFFFF',
    'FFFFFFFF',
    'FFFHFFFF',
    'FFFFFHFF',
    'FFFHFFFF',
    'FHHFFFHF',
    'FHFFHFHF',
    'FFFHFFFG',
  ],
} as const;
/** Left, down, right, up; the two beside an action are its sides. */
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

export const FrozenLakeOptions = z.strictObject({
  map: z
    .union([z.enum(['4x4', '8x8']), z.array(z.string().min(1)).min(1)])
    .default('4x4')
    .describe('4x4, 8x8, or rows of S, F, H and G'),
  success: z
    .number()
    .min(0)
    .max(1)
    .default(1 / 3)
    .describe('Probability that a move goes where it was meant to; 1 for dry ice'),
  timeLimit: z.int().positive().optional().describe('100 on up to 16 cells, else 200'),
});
export type FrozenLakeOptions = z.input<typeof FrozenLakeOptions>;

/** @throws SyntaxError where the map is uneven or has no S */
export function frozenLake(options: FrozenLakeOptions = {}): TabularTask {
  const { map, success, timeLimit } = FrozenLakeOptions.parse(options);
  const rows = typeof map === 'string' ? frozenLakeMaps[map] : map;
  const grid = createTextGrid(rows);
  const starts = grid.cellsOf('S');
  if (starts.length === 0) throw new SyntaxError('Cannot read the map: no S to start from');
  const isOver = (s: number): boolean => 'HG'.includes(grid.characterAt(s));
  const sides = success === 1 ? [] : [-1, 1];
  return tabularTask({
    stateNames: grid.names,
    actionNames: ['left', 'down', 'right', 'up'],
    actionsOf: (s) => (isOver(s) ? [] : [0, 1, 2, 3]),
    outcomes: (s, action) =>
      [0, ...sides].map((side) => {
        const [dx, dy] = MOVES[(action + side + 4) % 4];
        const to = grid.moved(s, dx, dy);
        return {
          to,
          probability: side === 0 ? success : (1 - success) / 2,
          reward: grid.characterAt(to) === 'G' ? 1 : 0,
        };
      }),
    initial: Float64Array.from(grid.names, (_, s) => (starts.includes(s) ? 1 / starts.length : 0)),
    timeLimit: timeLimit ?? (grid.names.length <= 16 ? 100 : 200),
  });
}
