/**
 * DeepSea: a dive of N steps through an N × N grid that pays only at the far right of the bottom.
 * A step right costs 0.01 / N; which of the two actions is right differs from cell to cell. Without
 * a plan it is found with probability 2⁻ᴺ: a test of exploration.
 *
 * Reference: Osband et al. (2019), Deep exploration via randomized value functions, JMLR 20; as in
 * bsuite's deep_sea.
 */

import { z } from 'zod';
import { createRng } from '../../numeric/rng.ts';
import { type TabularTask, tabularTask } from '../tabularTask.ts';

const MOVE_COST = 0.01;

export const DeepSeaOptions = z.strictObject({
  size: z.int().min(2).default(10).describe('N: rows, columns and steps'),
  right: z
    .array(z.array(z.union([z.literal(0), z.literal(1)])))
    .optional()
    .describe('[N][N] the action that leads right in each cell; drawn where absent'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Seed of which action leads right'),
});
export type DeepSeaOptions = z.input<typeof DeepSeaOptions>;

/** @throws RangeError where `right` is not size × size */
export function deepSea(options: DeepSeaOptions = {}): TabularTask {
  const { size, right: given, seed } = DeepSeaOptions.parse(options);
  if (given && (given.length !== size || given.some((row) => row.length !== size)))
    throw new RangeError(`Cannot build the sea: "right" must have ${size} rows of ${size}`);
  const rng = createRng(seed, 'deep-sea');
  const right =
    given ??
    Array.from({ length: size }, () => Array.from({ length: size }, () => (rng() < 0.5 ? 0 : 1)));
  const cells = size * size;
  const end = cells;
  return tabularTask({
    stateNames: [
      ...Array.from({ length: cells }, (_, s) => `${s % size},${Math.floor(s / size)}`),
      'end',
    ],
    actionNames: ['0', '1'],
    actionsOf: (s) => (s === end ? [] : [0, 1]),
    outcomes: (s, action) => {
      const row = Math.floor(s / size);
      const column = s % size;
      const goesRight = action === right[row][column];
      const next = Math.min(Math.max(column + (goesRight ? 1 : -1), 0), size - 1);
      const treasure = goesRight && column === size - 1 ? 1 : 0;
      return [
        {
          to: row === size - 1 ? end : (row + 1) * size + next,
          probability: 1,
          reward: treasure - (goesRight ? MOVE_COST / size : 0),
        },
      ];
    },
    initial: 0,
    timeLimit: size,
  });
}
