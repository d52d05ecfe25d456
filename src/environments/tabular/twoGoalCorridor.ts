/**
 * A corridor with a small goal near the start and a large one far from it, at its other end: who
 * settles for the first goal found never learns of the second.
 *
 *   0 (small) … near (start) … near + far (large)
 *
 * Each step leads one cell left or right; a goal ends the episode.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';

export const TwoGoalCorridorOptions = z.strictObject({
  near: z.int().positive().default(2).describe('Steps from the start to the small goal'),
  far: z.int().positive().default(10).describe('Steps from the start to the large goal'),
  small: z.number().default(0.1).describe('Reward of the goal nearby'),
  large: z.number().default(1).describe('Reward of the goal far away'),
  timeLimit: z.int().positive().default(100).describe('Steps of an episode'),
});
export type TwoGoalCorridorOptions = z.input<typeof TwoGoalCorridorOptions>;

export function twoGoalCorridor(options: TwoGoalCorridorOptions = {}): TabularTask {
  const { near, far, small, large, timeLimit } = TwoGoalCorridorOptions.parse(options);
  const last = near + far;
  return tabularTask({
    stateNames: Array.from({ length: last + 1 }, (_, s) => String(s)),
    actionNames: ['left', 'right'],
    actionsOf: (s) => (s === 0 || s === last ? [] : [0, 1]),
    outcomes: (s, action) => {
      const to = action === 0 ? s - 1 : s + 1;
      return [{ to, probability: 1, reward: to === 0 ? small : to === last ? large : 0 }];
    },
    initial: near,
    timeLimit,
  });
}
