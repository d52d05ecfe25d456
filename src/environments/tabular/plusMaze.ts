/**
 * Plus maze: four corridors of equal length meet in the middle, where every episode begins. The end
 * of each ends the task and pays what it is worth.
 *
 * All four may pay (any way is good) or one only, which makes it a small task to pretrain for and to
 * fine-tune on, after the maze of Haarnoja et al. (2017), Reinforcement learning with deep
 * energy-based policies, ICML, §5.2.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';

/** Up, right, down, left, with y downwards: actions and arms alike. */
const MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

export const PlusMazeOptions = z.strictObject({
  arm: z.int().positive().default(4).describe('Cells of each corridor, its end included'),
  pays: z
    .array(z.number())
    .length(4)
    .default([1, 1, 1, 1])
    .describe('Reward of the ends: up, right, down, left'),
  stepCost: z.number().min(0).default(0).describe('Price of a step'),
  timeLimit: z.int().positive().default(50).describe('Steps of an episode'),
});
export type PlusMazeOptions = z.input<typeof PlusMazeOptions>;

/**
 * Builds the maze. State 0 is the middle; arm k has the states k · arm + 1 … (k + 1) · arm, its end
 * last.
 */
export function plusMaze(options: PlusMazeOptions = {}): TabularTask {
  const { arm, pays, stepCost, timeLimit } = PlusMazeOptions.parse(options);
  const cells = [
    [0, 0],
    ...MOVES.flatMap(([dx, dy]) =>
      Array.from({ length: arm }, (_, i) => [dx * (i + 1), dy * (i + 1)]),
    ),
  ];
  const stateNames = cells.map(([x, y]) => `${x},${y}`);
  const stateAt = new Map(stateNames.map((name, s) => [name, s]));
  const isEnd = (s: number): boolean => s > 0 && s % arm === 0;
  return tabularTask({
    stateNames,
    actionNames: ['up', 'right', 'down', 'left'],
    actionsOf: (s) => (isEnd(s) ? [] : [0, 1, 2, 3]),
    outcomes: (s, action) => {
      const [dx, dy] = MOVES[action];
      const to = stateAt.get(`${cells[s][0] + dx},${cells[s][1] + dy}`) ?? s;
      const paid = isEnd(to) ? pays[to / arm - 1] : 0;
      return [{ to, probability: 1, reward: paid - stepCost }];
    },
    initial: 0,
    timeLimit,
  });
}
