/**
 * CliffWalking: along the edge of a cliff from the lower left to the lower right corner of a 4 × 12
 * grid. A step costs 1, a step over the edge 100 and leads back to the start; the goal ends the task.
 *
 * References: Sutton & Barto (2018), example 6.6; Gymnasium's CliffWalking-v1, slippery or not.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';
import { createOpenGrid } from './textGrid.ts';

const WIDTH = 12;
const HEIGHT = 4;
const START = WIDTH * (HEIGHT - 1);
const GOAL = WIDTH * HEIGHT - 1;
const MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

export const CliffWalkingOptions = z.strictObject({
  slippery: z
    .boolean()
    .default(false)
    .describe('Whether a move goes to one of its two sides two times out of three'),
  timeLimit: z.int().positive().optional().describe('Steps of an episode; none where absent'),
});
export type CliffWalkingOptions = z.input<typeof CliffWalkingOptions>;

export function cliffWalking(options: CliffWalkingOptions = {}): TabularTask {
  const { slippery, timeLimit } = CliffWalkingOptions.parse(options);
  const grid = createOpenGrid(WIDTH, HEIGHT);
  const sides = slippery ? [-1, 0, 1] : [0];
  return tabularTask({
    stateNames: grid.names,
    actionNames: ['up', 'right', 'down', 'left'],
    actionsOf: (s) => (s === GOAL ? [] : [0, 1, 2, 3]),
    outcomes: (s, action) =>
      sides.map((side) => {
        const [dx, dy] = MOVES[(action + side + 4) % 4];
        const to = grid.moved(s, dx, dy);
        const fell = to > START && to < GOAL;
        return {
          to: fell ? START : to,
          probability: 1 / sides.length,
          reward: fell ? -100 : -1,
        };
      }),
    initial: START,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
}
